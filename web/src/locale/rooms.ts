/** The texts of the rooms, each of which has a file of its name in en/. */
// biome-ignore lint/complexity/noBannedTypes: there is none yet
export type RoomTexts = {};
