import { t } from "../texts.ts";

/** Opened over plain http on a LAN name: no browser gives the microphone here (docs/rules.md). */
export function Insecure() {
  const href = `https://${location.host}${location.pathname}`;
  return (
    <main class="notice">
      <h1>{t("page.insecure.title")}</h1>
      <p>{t("page.insecure.why")}</p>
      <p><a class="button main" href={href}>{t("page.insecure.open", { address: href })}</a></p>
      <p class="hint">{t("page.insecure.else")}</p>
    </main>
  );
}
