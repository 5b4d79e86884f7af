/** The texts of the rooms, each of which has a file of its name in en/. */
export interface RoomTexts {
  command: typeof import("./en/command.json");
  connector: typeof import("./en/connector.json");
  library: typeof import("./en/library.json");
  builder: typeof import("./en/builder.json");
  cycle: typeof import("./en/cycle.json");
  transaction: typeof import("./en/transaction.json");
  dashboard: typeof import("./en/dashboard.json");
  report: typeof import("./en/report.json");
  template: typeof import("./en/template.json");
  settings: typeof import("./en/settings.json");
  people: typeof import("./en/people.json");
  embedding: typeof import("./en/embedding.json");
  upgrade: typeof import("./en/upgrade.json");
  workshop: typeof import("./en/workshop.json");
  own: typeof import("./en/own.json");
  tenant: typeof import("./en/tenant.json");
}
