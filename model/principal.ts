/** Why a text is no principal that may be given access, and what to do about it. */
export interface PrincipalProblem {
  readonly message: string;
  readonly remedy: string;
}

/** What {@link principalProblem} takes, for people. */
export const PRINCIPAL_ALLOWED =
  "user:, group: or serviceAccount: with an e-mail address, serviceAccount:PROJECT.svc.id.goog[NAMESPACE/NAME], domain: with a domain, principal:// or principalSet:// with a full identifier; never allUsers or allAuthenticatedUsers";

const LOCAL_PART = /^[\w.+'-]{1,64}$/;
const DOMAIN_LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;
const KUBERNETES_ACCOUNT = /^[a-z\d.:-]{6,100}\.svc\.id\.goog\[[a-z\d-]{1,63}\/[a-z\d.-]{1,253}\]$/;

const POOL =
  "iam\\.googleapis\\.com/(?:locations/global/workforcePools|projects/\\d{1,20}/locations/global/workloadIdentityPools)/[a-z\\d][a-z\\d.:-]{0,127}";
const VALUE = "[\\w.~:@/+=,;!*'()%&|-]{1,512}";
const PRINCIPAL = new RegExp(`^principal://${POOL}/(?:subject|kubernetes\\.serviceaccount\\.uid)/${VALUE}$`);
const PRINCIPAL_SET = new RegExp(
  `^principalSet://(?:${POOL}/(?:\\*|(?:group|namespace|attribute\\.\\w{1,100}|kubernetes\\.serviceaccount\\.uid|kubernetes\\.cluster)/${VALUE})` +
    "|cloudresourcemanager\\.googleapis\\.com/(?:projects|folders|organizations)/\\d{1,20}/type/Service(?:Account|Agent))$",
);

/** A percent-escape of a letter, a digit or one of `-._~`, none of which needs one. */
const NEEDLESS_ESCAPE = /%(?:2[de]|3\d|[46][1-9a-f]|[57][\da]|5f|7e)/i;
/** Escapes that stay as they are: needless ones, for Google may take them for what they are, and that of `%` itself. */
const KEPT_ESCAPE = new RegExp(`(%25|${NEEDLESS_ESCAPE.source})`, "i");

/** Pods that use a Kubernetes service account, in the newer of its two spellings. */
const KUBERNETES_SUBJECT =
  /^principal:\/\/iam\.googleapis\.com\/projects\/\d{1,20}\/locations\/global\/workloadIdentityPools\/([^/]{1,128}\.svc\.id\.goog)\/subject\/ns\/([^/]{1,63})\/sa\/([^/]{1,253})$/;

/**
 * What keeps a text from being a principal that a table's policy may name; `undefined` when nothing does.
 *
 * @see https://docs.cloud.google.com/iam/docs/principal-identifiers
 */
export function principalProblem(member: string): PrincipalProblem | undefined {
  if (/^principal(?:Set)?:/.test(member) && NEEDLESS_ESCAPE.test(member)) {
    return {
      message: "A character that needs no percent-escape has one, and would hide who gets access",
      remedy: "Write letters, digits and -._~ as they are",
    };
  }
  const type = member.slice(0, Math.max(0, member.indexOf(":")));
  const identifier = member.slice(type.length + 1);
  switch (type) {
    case "user":
    case "group":
      if (isServiceAccountAddress(identifier)) {
        return {
          message: `This is the address of a service account, not of a ${type}`,
          remedy: "Write serviceAccount: before it",
        };
      }
      return isAddress(identifier) ? undefined : malformed(`${type}:data-readers@example.com`);
    case "serviceAccount":
      if (KUBERNETES_ACCOUNT.test(identifier) || (isAddress(identifier) && isServiceAccountAddress(identifier))) {
        return undefined;
      }
      return isAddress(identifier)
        ? {
            message: "The address of a service account ends with gserviceaccount.com",
            remedy: "Write user: or group: before it, or give the service account's own address",
          }
        : malformed("serviceAccount:pipelines@example-project.iam.gserviceaccount.com");
    case "domain":
      return isDomain(identifier) ? undefined : malformed("domain:example.com");
    case "principal":
      return PRINCIPAL.test(member)
        ? undefined
        : malformed(
            "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/example/subject/loader",
          );
    case "principalSet":
      return PRINCIPAL_SET.test(member)
        ? undefined
        : malformed(
            "principalSet://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/example/attribute.team/reports",
          );
    case "deleted":
      return {
        message: "A deleted principal has no access, and Terraform cannot name it",
        remedy: "Remove it; to give access to one of the same name that exists, leave out `deleted:` and `?uid=`",
      };
    default:
      return malformed("group:data-readers@example.com");
  }
}

/** True when both name the same principal, however they spell it. */
export function samePrincipal(one: string, other: string): boolean {
  return canonicalPrincipal(one) === canonicalPrincipal(other);
}

/**
 * One spelling for all spellings of a principal, also of those that no configuration may name.
 *
 * Google compares all members without regard to case but `allUsers`, `allAuthenticatedUsers`, `principal://` and
 * `principalSet://`; the pods of a Kubernetes service account have two spellings. An escape of a character that needs none is
 * not decoded: whether Google does is not documented.
 */
export function canonicalPrincipal(member: string): string {
  if (member.startsWith("deleted:")) return `deleted:${canonicalPrincipal(member.slice("deleted:".length))}`;
  if (!/^principal(?:Set|Hierarchy)?:/.test(member)) {
    const identifierAt = member.indexOf(":") + 1;
    return identifierAt === 0 ? member : member.slice(0, identifierAt) + member.slice(identifierAt).toLowerCase();
  }
  const decoded = decode(member);
  const [, pool, namespace, name] = KUBERNETES_SUBJECT.exec(decoded) ?? [];
  return pool === undefined ? decoded : `serviceAccount:${pool}[${namespace}/${name}]`;
}

function decode(text: string): string {
  const parts = text.split(KEPT_ESCAPE).map((part, index) => {
    if (index % 2 === 1) return part;
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  return parts.join("");
}

function malformed(example: string): PrincipalProblem {
  return {
    message: "The value is not well-formed",
    remedy: `Name exactly who gets access, for example ${example}`,
  };
}

function isAddress(text: string): boolean {
  const at = text.indexOf("@");
  return LOCAL_PART.test(text.slice(0, Math.max(0, at))) && isDomain(text.slice(at + 1));
}

function isServiceAccountAddress(text: string): boolean {
  return /[@.]gserviceaccount\.com$/i.test(text);
}

function isDomain(text: string): boolean {
  const labels = text.split(".");
  return (
    text.length <= 253 &&
    labels.length >= 2 &&
    labels.every((label) => DOMAIN_LABEL.test(label)) &&
    /^[a-z]/i.test(labels.at(-1) ?? "")
  );
}
