import fc from "fast-check";
import { canonicalPrincipal, principalProblem, samePrincipal } from "../../model/principal";
import { runs } from "../support/runs";

const POOL = "iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/example";
const WORKFORCE = "iam.googleapis.com/locations/global/workforcePools/example-contractors";
const GKE = "iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/example-dev.svc.id.goog";

/** Every form of https://docs.cloud.google.com/iam/docs/principal-identifiers that an allow policy takes. */
const VALID = [
  "user:alex@example.com",
  "user:Alex.O'Neil+reports@mail.example.co.uk",
  "group:data_readers-eu@example.com",
  "serviceAccount:loader@example-dev.iam.gserviceaccount.com",
  "serviceAccount:123456789012-compute@developer.gserviceaccount.com",
  "serviceAccount:example-dev@appspot.gserviceaccount.com",
  "serviceAccount:loader@dev.example.com.iam.gserviceaccount.com",
  "serviceAccount:example-dev.svc.id.goog[metadata/loader]",
  "serviceAccount:example.com:dev-1.svc.id.goog[metadata/loader.v1]",
  "domain:example.com",
  `principal://${POOL}/subject/repo:example/pipelines:ref:refs/heads/main`,
  `principal://${WORKFORCE}/subject/raha@example.com`,
  `principal://${GKE}/subject/ns/metadata/sa/loader`,
  `principal://${GKE}/kubernetes.serviceaccount.uid/7b1f0c2e-0000-4000-8000-000000000000`,
  `principalSet://${POOL}/*`,
  `principalSet://${POOL}/group/admins@example.com`,
  `principalSet://${POOL}/attribute.aws_role/arn:aws:sts::123456789012:assumed-role/loader`,
  `principalSet://${GKE}/namespace/metadata`,
  `principalSet://${GKE}/kubernetes.cluster/https://container.googleapis.com/v1/projects/p/locations/l/clusters/c`,
  "principalSet://cloudresourcemanager.googleapis.com/projects/123456789012/type/ServiceAccount",
];

const INVALID = [
  "",
  ":",
  "alex@example.com",
  "allUsers",
  "allAuthenticatedUsers",
  "user:allUsers",
  "User:alex@example.com",
  " user:alex@example.com",
  "user:alex@example.com ",
  "user:alex@example.com\n",
  "user:alex@example.com.",
  "user:alex@example",
  "user:alex@@example.com",
  "user:alex@-example.com",
  "user:alex@exa mple.com",
  "user:alex@example.com,group:all@example.com",
  'user:${upper("x")}@example.com',
  "user:%{if true}x%{endif}@example.com",
  "user:$${x}@example.com",
  'user:alex"@example.com',
  "user:alex`@example.com",
  "user:alex@example.com?uid=1",
  "user:loader@example-dev.iam.gserviceaccount.com",
  "group:loader@example-dev.IAM.gserviceaccount.com",
  "serviceAccount:loader@example.com",
  "serviceAccount:loader@gserviceaccount.com.example.com",
  "serviceAccount:loader@evilgserviceaccount.com",
  "serviceAccount:example-dev.svc.id.goog[metadata]",
  "serviceAccount:example-dev.svc.id.goog[metadata/loader]x",
  "serviceAccount:example-dev.svc.id.goog[*/loader]",
  "domain:example",
  "domain:*.example.com",
  "domain:example.com/x",
  "projectOwner:example-dev",
  "projectViewer:example-dev",
  "specialGroup:allUsers",
  "deleted:user:alex@example.com?uid=123456789012345678901",
  `principal://${POOL}`,
  `principal://${POOL}/subject/`,
  `principal://${POOL}/subject/a b`,
  `principal://${POOL}/subject/\${x}`,
  `principal://${POOL}/*`,
  `principal://${POOL}/subject/%41dmin`,
  `principalSet://${POOL}/group/a%2Db`,
  `principalSet://${POOL}/attribute.team/%7Ereports`,
  "principal://goog/subject/alex@example.com",
  "principalSet://goog/public:all",
  "principalSet://iam.googleapis.com.example.com/locations/global/workforcePools/x/*",
  `principalSet://${POOL}/attribute./x`,
  `principalSet://${POOL}/**`,
  "principalSet://cloudresourcemanager.googleapis.com/projects/123/type/Everybody",
  "principalHierarchy://x",
];

describe("principals", () => {
  test.each(VALID)("may have access: %s", (member) => {
    expect(principalProblem(member)).toBeUndefined();
  });

  test.each(INVALID)("may not: %j", (member) => {
    expect(principalProblem(member)).toMatchObject({ remedy: expect.any(String) as string });
  });

  test("that may have access hold nothing that a template, a quotation or a line could break on", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...VALID.flatMap((member) => member.split(/(?<=[:@/.[\]])/)),
        "${",
        "%{",
        "}",
        '"',
        "'",
        "\\",
        "\n",
        " ",
      ),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const member = pieces.join("");
        expect(principalProblem(member) !== undefined || /^[^\s"`\\${}<>]+$/.test(member)).toBe(true);
      }),
      { numRuns: runs(1000) },
    );
  });
});

describe("two spellings", () => {
  test.each([
    ["user:Alex@Example.com", "user:alex@example.com"],
    ["serviceAccount:L@P-1234.iam.gserviceaccount.com", "serviceAccount:l@p-1234.iam.gserviceaccount.com"],
    ["domain:EXAMPLE.com", "domain:example.com"],
    [`principal://${GKE}/subject/ns/metadata/sa/loader`, "serviceAccount:example-dev.svc.id.goog[metadata/loader]"],
    [`principal://${POOL}/subject/a%40example.com`, `principal://${POOL}/subject/a@example.com`],
    ["deleted:user:Alex@example.com?uid=1", "deleted:user:alex@example.com?uid=1"],
  ])("%s is %s", (one, other) => {
    expect(samePrincipal(one, other)).toBe(true);
  });

  test.each([
    ["user:alex@example.com", "group:alex@example.com"],
    [`principal://${POOL}/subject/Alex`, `principal://${POOL}/subject/alex`],
    [`principal://${POOL}/subject/%`, `principal://${POOL}/subject/%25x`],
    [`principal://${POOL}/subject/Admin`, `principal://${POOL}/subject/%41dmin`],
    [`principal://${POOL}/subject/%41dmin`, `principal://${POOL}/subject/%2541dmin`],
    ["deleted:user:alex@example.com?uid=1", "user:alex@example.com"],
    ["allUsers", "group:allusers@example.com"],
  ])("%s is not %s", (one, other) => {
    expect(samePrincipal(one, other)).toBe(false);
  });

  test("with an escape are refused and stand for themselves exactly where the character needs none", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0x21, max: 0x7e }), fc.boolean(), (code, isUpper) => {
        const hex = code.toString(16).padStart(2, "0");
        const escaped = `principal://${POOL}/subject/x%${isUpper ? hex.toUpperCase() : hex}`;
        const char = String.fromCharCode(code);
        const isNeedless = /[\w.~-]/.test(char);
        expect(principalProblem(escaped) !== undefined).toBe(isNeedless);
        expect(samePrincipal(escaped, `principal://${POOL}/subject/x${char}`)).toBe(!isNeedless && char !== "%");
      }),
    );
  });

  test("have one canonical spelling, which is canonical itself unless it stands for a deleted one", () => {
    fc.assert(
      fc.property(fc.constantFrom(...VALID), fc.array(fc.boolean()), (member, upper) => {
        const other = member.startsWith("principal")
          ? member
          : member.replace(/(?<=:).*/, (rest) =>
              rest.replaceAll(/./g, (char: string, at: number) => (upper[at] === true ? char.toUpperCase() : char)),
            );
        expect(samePrincipal(member, other)).toBe(true);
        expect(canonicalPrincipal(canonicalPrincipal(member))).toBe(canonicalPrincipal(member));
      }),
    );
  });
});
