/** The texts of the rooms, each of which has a file of its name in en/. */
export interface RoomTexts {
  builder: typeof import("./en/builder.json");
  template: typeof import("./en/template.json");
  people: typeof import("./en/people.json");
  tenant: typeof import("./en/tenant.json");
}
