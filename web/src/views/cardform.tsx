import { useEffect, useRef, useState } from "preact/hooks";
import { api, why } from "../api.ts";
import * as cards from "../cards.ts";
import { pages, popCards, toast } from "../desk.ts";
import { t } from "../texts.ts";
import type { Choice, PageView, SeatView } from "../types.ts";
import { typing } from "./hotkeys.tsx";
import { Button, confirm, useCell, useId } from "./ui.tsx";

/** 客户资料 in the manual's order, two columns; the rest of the card's fields follow. */
const FIELDS = ["mobile", "landline", "category", "note", "name", "organisation", "address"];
/** 回访类型 and 营销结果 where the role cannot see the page 业务记录. */
const VISIT_TYPES = ["first_visit", "return_visit", "after_sale", "other_visit"];
const DISPOSITIONS = ["interested", "call_back", "refused", "wrong_number", "do_not_call"];

/** 客户资料 and 业务记录 of one call (F14, F15). */
export function CardForm({ card, view }: { card: cards.Card; view: SeatView | null }) {
  const call = card.pop.call;
  const all = useCell(pages);
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const up = card.over === undefined;
  const change = (part: Partial<cards.Draft>) => popCards.update((c) => cards.draft(c, call, part));

  const save = async (thenIdle: boolean) => {
    if (busy) return;
    setBusy(true);
    setError("");
    try {
      // The newest draft: a key may save in the very moment something was typed, before it is drawn.
      const { draft } = popCards.get().all.find((one) => one.pop.call === call) ?? card;
      await api.activity({ call, ...draft, then_idle: thenIdle });
      popCards.update((c) => cards.saved(c, call));
      toast(t("page.record.saved"));
      if (!up) popCards.update((c) => nextUnsaved(c, call));
    } catch (refused) {
      setError(why(refused));
    }
    setBusy(false);
  };
  const close = async () => {
    if (!cards.unsaved(card) || (await confirm(t("page.record.close_unsaved"), t("page.record.throw_away")))) {
      popCards.update((c) => cards.closed(c, call));
    }
  };
  const dispositions = choices(all, "disposition", DISPOSITIONS);
  useSaveKeys(save, dispositions, (value) => change({ disposition: value }));

  return (
    <form ref={form} class="cardform" onSubmit={(event) => (event.preventDefault(), void save(false))}>
      <header class="bar">
        <h2>{t("page.card.title")}</h2>
        {card.pop.customer === undefined && <span class="tag">{t("page.card.new")}</span>}
        <span class="gap" />
        {!up && <span class="hint">{card.over!.state && t(`call.state.${card.over!.state}`)}</span>}
        {!up && <Button look="link" onClick={() => void close()}>{t("page.record.close")}</Button>}
      </header>
      <div class="fields">
        {shownFields(card).map((id) => <CardField key={id} id={id} card={card} page={all.find((one) => one.id === "customers")} />)}
      </div>
      <header class="bar"><h2>{t("page.record.title")}</h2>{card.saved && <span class="tag good">✓ {t("page.record.saved")}</span>}</header>
      <VisitType value={card.draft.visit_type} choices={choices(all, "visit_type", VISIT_TYPES)} change={(value) => change({ visit_type: value })} />
      <Disposition value={card.draft.disposition} choices={dispositions} change={(value) => change({ disposition: value })} />
      <Content value={card.draft.content} change={(value) => change({ content: value })} />
      {error && <p class="error" role="alert">{error}</p>}
      <footer>
        <Button submit look="main" class="tall" disabled={busy}>{t("page.save")} <kbd>Ctrl+Enter</kbd></Button>
        <Button class="tall" disabled={busy || view === null || view.state === "signed_out"} onClick={() => void save(true)}>{t("page.record.save_idle")}</Button>
        {cards.unsaved(card) && <span class="hint">{t("page.record.kept")}</span>}
      </footer>
    </form>
  );
}

/** After a save the next card that still waits comes to the front; the saved one stays until a call replaces it. */
function nextUnsaved(all: cards.Cards, call: number): cards.Cards {
  const next = all.all.find((one) => one.pop.call !== call && cards.unsaved(one));
  return next === undefined ? all : cards.shown(cards.closed(all, call), next.pop.call);
}

function shownFields(card: cards.Card): string[] {
  const more = Object.keys(card.pop.card).filter((id) => !FIELDS.includes(id) && id !== "owner");
  return [...FIELDS, ...more];
}

function CardField({ id, card, page }: { id: string; card: cards.Card; page: PageView | undefined }) {
  const input = useId();
  const field = page?.form.find((one) => one.id === id);
  const label = field?.title ?? t(`page.card.${id}`);
  const value = card.draft.card[id] ?? card.pop.card[id] ?? (id === "mobile" ? card.pop.number : "");
  const set = (event: { currentTarget: { value: string } }) => popCards.update((c) => cards.field(c, card.pop.call, id, event.currentTarget.value));
  const changed = id in card.draft.card;
  const options = field?.choices ?? [];
  return (
    <div class={id === "address" ? "line broad" : "line"}>
      <label for={input}>{label}{changed && <i title={t("page.card.changed")}> •</i>}</label>
      {id === "mobile" ? <input id={input} value={value} readOnly />
        : options.length > 0 ? <Choose id={input} value={value} choices={options} change={(v) => set({ currentTarget: { value: v } })} />
        : <input id={input} value={value} maxLength={field?.max_chars || 90} onInput={set} autocomplete="off" />}
    </div>
  );
}

function VisitType({ value, choices: all, change }: { value: string; choices: Choice[]; change: (value: string) => void }) {
  const id = useId();
  return <div class="line"><label for={id}>{t("page.record.visit_type")}</label><Choose id={id} value={value} choices={all} change={change} /></div>;
}

function Choose({ id, value, choices: all, change }: { id: string; value: string; choices: Choice[]; change: (value: string) => void }) {
  return (
    <select id={id} value={value} onChange={(event) => change(event.currentTarget.value)}>
      <option value="">{t("page.choose")}</option>
      {all.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
    </select>
  );
}

/** 营销结果: one key each. Choosing the chosen one again takes it back. */
function Disposition({ value, choices: all, change }: { value: string; choices: Choice[]; change: (value: string) => void }) {
  return (
    <div class="line" role="group" aria-label={t("page.record.disposition")}>
      <span class="label">{t("page.record.disposition")}</span>
      <div class="results">
        {all.map((one, at) => (
          <button key={one.value} type="button" class={one.value === "do_not_call" ? "result stop" : "result"} aria-pressed={value === one.value} onClick={() => change(value === one.value ? "" : one.value)}>
            <kbd>{at + 1}</kbd>{one.label}
          </button>
        ))}
      </div>
    </div>
  );
}

function Content({ value, change }: { value: string; change: (value: string) => void }) {
  const id = useId();
  return (
    <div class="line tall">
      <label for={id}>{t("page.record.content")}</label>
      <textarea id={id} rows={4} maxLength={1000} value={value} onInput={(event) => change(event.currentTarget.value)} />
    </div>
  );
}

/** Ctrl+Enter saves from anywhere in the page; digits choose a result unless text is being typed. */
function useSaveKeys(save: (thenIdle: boolean) => Promise<void>, results: Choice[], choose: (value: string) => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (document.querySelector("dialog[open]") !== null || document.getElementById("tab-workbench")?.hidden) return;
      if (event.key === "Enter" && event.ctrlKey) {
        event.preventDefault();
        void save(event.shiftKey);
      }
      const chosen = results[Number(event.key) - 1];
      if (chosen !== undefined && !typing(event.target) && !event.altKey && !event.ctrlKey && !event.metaKey) choose(chosen.value);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  });
}

/** The choices as the service names them in 业务记录; the default form's where that page is not given. */
function choices(all: PageView[], field: string, fallback: string[]): Choice[] {
  const given = all.find((one) => one.id === "activities")?.form.find((one) => one.id === field)?.choices ?? [];
  return given.length > 0 ? given : fallback.map((code) => ({ value: code, label: t(`catalogue.choice.${code}`) }));
}
