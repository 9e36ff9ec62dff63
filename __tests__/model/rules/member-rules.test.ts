import type { Files } from "../../support/config-folder";
import { acme, dev, listedProblems } from "../../support/config-problems";

describe("members", () => {
  test.each<[string, Files, string]>([
    [
      "everyone as a reader",
      dev({ readers: ["allUsers"], writers: ["allAuthenticatedUsers"] }),
      `
environments/dev.json:8 readers[0]
  The value is not well-formed
  received: "allUsers"
  allowed:  user:, group: or serviceAccount: with an e-mail address, serviceAccount:PROJECT.svc.id.goog[NAMESPACE/NAME], domain: with a domain, principal:// or principalSet:// with a full identifier; never allUsers or allAuthenticatedUsers
  fix:      Name exactly who gets access, for example group:data-readers@example.com

environments/dev.json:11 writers[0]
  The value is not well-formed
  received: "allAuthenticatedUsers"
  allowed:  user:, group: or serviceAccount: with an e-mail address, serviceAccount:PROJECT.svc.id.goog[NAMESPACE/NAME], domain: with a domain, principal:// or principalSet:// with a full identifier; never allUsers or allAuthenticatedUsers
  fix:      Name exactly who gets access, for example group:data-readers@example.com
`,
    ],
    [
      "a member without a prefix",
      dev({ keyAdmins: ["admins@example.com"] }),
      `
environments/dev.json:8 keyAdmins[0]
  The value is not well-formed
  received: "admins@example.com"
  allowed:  user:, group: or serviceAccount: with an e-mail address, serviceAccount:PROJECT.svc.id.goog[NAMESPACE/NAME], domain: with a domain, principal:// or principalSet:// with a full identifier; never allUsers or allAuthenticatedUsers
  fix:      Name exactly who gets access, for example group:data-readers@example.com
`,
    ],
    [
      "a deleted principal",
      dev({ readers: ["deleted:user:alex@example.com?uid=123456789012345678901"] }),
      `
environments/dev.json:8 readers[0]
  A deleted principal has no access, and Terraform cannot name it
  received: "deleted:user:alex@example.com?uid=123456789012345678901"
  allowed:  user:, group: or serviceAccount: with an e-mail address, serviceAccount:PROJECT.svc.id.goog[NAMESPACE/NAME], domain: with a domain, principal:// or principalSet:// with a full identifier; never allUsers or allAuthenticatedUsers
  fix:      Remove it; to give access to one of the same name that exists, leave out \`deleted:\` and \`?uid=\`
`,
    ],
    [
      "a service account that is called a user",
      dev({ readers: ["user:a@example-dev.iam.gserviceaccount.com"] }),
      `
environments/dev.json:8 readers[0]
  This is the address of a service account, not of a user
  received: "user:a@example-dev.iam.gserviceaccount.com"
  allowed:  user:, group: or serviceAccount: with an e-mail address, serviceAccount:PROJECT.svc.id.goog[NAMESPACE/NAME], domain: with a domain, principal:// or principalSet:// with a full identifier; never allUsers or allAuthenticatedUsers
  fix:      Write serviceAccount: before it
`,
    ],
    [
      "a key admin that reads, in another spelling",
      dev({ readers: ["group:Data@Example.com"], keyAdmins: ["group:key@example.com", "group:data@example.com"] }),
      `
environments/dev.json:12 keyAdmins[1]
  The member is a key admin and one of the readers at once
  received: "group:data@example.com"
  fix:      Remove the member from keyAdmins or from readers
`,
    ],
    [
      "a tenant whose writers hold a key admin of the environment",
      {
        ...dev({ keyAdmins: ["serviceAccount:example-dev.svc.id.goog[metadata/keys]"] }),
        ...acme({
          writers: [
            "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/example-dev.svc.id.goog/subject/ns/metadata/sa/keys",
          ],
        }),
      },
      `
tenants/acme.json:6 environments.dev.writers[0]
  The member is a key admin and one of the writers at once
  received: "principal://iam.googleapis.com/projects/123456789012/locations/global/workload…
  fix:      Remove the member from keyAdmins or from writers
`,
    ],
  ])("%s", (_, files, problems) => {
    expect(listedProblems(files)).toBe(problems);
  });
});
