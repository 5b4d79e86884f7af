import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./en.json";

/** Further languages are further files of this shape. */
export async function loadTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false }, // React escapes
  });
}

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}
