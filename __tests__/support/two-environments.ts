import { type Files, VALID } from "./config-folder";

/** The small configuration with a second environment, which has shards and settings of its own. */
export const TWO_ENVIRONMENTS: Files = {
  ...VALID,
  "environments/prod.json": {
    projectId: "example-prod",
    location: "EU",
    backend: { type: "local" },
    shards: 4,
    readers: ["group:data-engineers@example.com"],
    labels: { cost_center: "data" },
  },
};
