import { useState } from "preact/hooks";
import { pageButtons, pages } from "../format.ts";
import { t } from "../texts.ts";
import { Button } from "./ui.tsx";

interface PagerProps {
  total: number;
  /** There are more than `total`; nobody counted on. */
  more: boolean;
  size: number;
  now: number;
  go: (page: number) => void;
  /** Asks for the exact number. */
  count: () => void;
}

/** ‹ 1 2 … › 到第 [ ] 页 确定 共 N 条 30 条/页, as in the manual. */
export function Pager({ total, more, size, now, go, count }: PagerProps) {
  const last = pages(total, size);
  const [jump, setJump] = useState("");
  const leap = (event: Event) => {
    event.preventDefault();
    const n = Math.min(last, Math.max(1, Math.floor(Number(jump))));
    if (Number.isFinite(n) && jump !== "") go(n);
    setJump("");
  };
  return (
    <nav class="pager" aria-label={t("page.pager.label")}>
      <Button disabled={now <= 1} aria-label={t("page.pager.before")} onClick={() => go(now - 1)}>‹</Button>
      {pageButtons(now, last).map((n, at) =>
        n === 0 ? <span key={`gap${at}`}>…</span> : (
          <button key={n} type="button" class="button plain" aria-current={n === now ? "page" : undefined} onClick={() => go(n)}>{n}</button>
        ))}
      <Button disabled={now >= last} aria-label={t("page.pager.after")} onClick={() => go(now + 1)}>›</Button>
      <form onSubmit={leap}>
        <label>{t("page.pager.to")} <input inputMode="numeric" value={jump} maxLength={6} onInput={(event) => setJump(event.currentTarget.value)} /> {t("page.pager.page")}</label>
        <Button submit>{t("page.ok")}</Button>
      </form>
      {more ? <Button look="link" title={t("page.pager.exact")} onClick={count}>{t("page.pager.total", { n: `${total}+` })}</Button> : <span>{t("page.pager.total", { n: total })}</span>}
      <span class="hint">{t("page.pager.size", { n: size })}</span>
    </nav>
  );
}
