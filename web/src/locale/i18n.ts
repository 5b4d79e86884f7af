import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./en.json";
import type { RoomTexts } from "./rooms";

/** A room whose texts are not needed before a page of it is opened. */
export type Room = keyof RoomTexts;

// Further languages are further folders of the same shape.
const rooms = import.meta.glob<{ default: object }>("./en/*.json");

/** Loads what every page says. */
export async function loadTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false }, // React escapes
  });
}

/** Loads what the pages of a room say, under the room's name. */
export async function loadRoom(room: Room): Promise<void> {
  if (i18next.exists(room)) return;
  const texts = await rooms[`./en/${room}.json`]?.();
  i18next.addResourceBundle("en", "translation", { [room]: texts?.default }, true);
}

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en & RoomTexts };
  }
}
