import { useEffect, useState } from "preact/hooks";
import { api, why } from "../api.ts";
import { zone } from "../desk.ts";
import { dateTime, yuan } from "../format.ts";
import { t } from "../texts.ts";
import type { Home as HomeData } from "../types.ts";
import { ChargesChart, HoursChart } from "./chart.tsx";
import { Button } from "./ui.tsx";

const REFRESH_MS = 30_000;

/** 首页: the administrator's balance, hours and charges; everyone's four cards. */
export function Home({ shown }: { shown: boolean }) {
  const [home, setHome] = useState<HomeData | null>(null);
  const [error, setError] = useState("");
  const load = () => api.home().then((h) => (setHome(h), setError("")), (refused: unknown) => setError(why(refused)));
  useEffect(() => {
    if (!shown) return;
    void load();
    const timer = setInterval(() => void load(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [shown]);
  return (
    <div class="home">
      <div class="toolbar"><Button onClick={() => void load()}>{t("page.refresh")}</Button></div>
      {error && <p class="error" role="alert">{error}</p>}
      {home !== null && (
        <>
          <dl class="cards">
            {home.balance !== undefined && (
              <div class={home.balance <= 0 ? "balance out" : "balance"}>
                <dt>{t("page.home.balance")}</dt>
                <dd>{yuan(home.balance)} <small>{t("page.yuan")}</small></dd>
                {home.balance <= 0 && <p class="warning">{t("page.home.no_balance")}</p>}
              </div>
            )}
            <div><dt>{t("page.home.last_login")}</dt><dd class="time">{home.last_login === null ? "—" : dateTime(home.last_login, zone())}</dd></div>
            <div><dt>{t("page.home.new_customers")}</dt><dd>{home.new_customers_today}</dd></div>
            <div><dt>{t("page.home.new_activities")}</dt><dd>{home.new_activities_today}</dd></div>
            <div><dt>{t("page.home.my_campaigns")}</dt><dd>{home.my_campaigns}</dd></div>
            <div><dt>{t("page.home.callbacks_today")}</dt><dd>{home.callbacks_today}</dd></div>
          </dl>
          <div class="charts">
            <HoursChart calls={home.calls_by_hour} answered={home.answered_by_hour} height={200} />
            {home.balance !== undefined && <ChargesChart days={home.charges_by_day ?? []} height={200} />}
          </div>
        </>
      )}
    </div>
  );
}
