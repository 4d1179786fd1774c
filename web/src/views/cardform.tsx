import { useEffect, useState } from "preact/hooks";
import { api, why } from "../api.ts";
import * as cards from "../cards.ts";
import { closeCard, isWeb, pages, popCards, toast } from "../desk.ts";
import { hotkeys, pressed, singleKeys } from "../keys.ts";
import { optOut, slips } from "../optout.ts";
import { t } from "../texts.ts";
import type { Choice, FieldView, PageView, SeatView } from "../types.ts";
import { FieldControl, problem } from "./field.tsx";
import { Key, typing } from "./hotkeys.tsx";
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
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const up = card.over === undefined;
  const customers = all.find((one) => one.id === "customers");
  const [tried, setTried] = useState(false);
  // 项目界面: what the project asks beside the three, or its own choices for them (F25).
  const form = card.pop.form ?? [];
  const own = (id: string) => form.find((one) => one.id === id);
  const change = (part: Partial<cards.Draft>) => popCards.update((c) => cards.draft(c, call, part));

  const save = async (thenIdle: boolean) => {
    if (busy) return;
    // The newest draft: a key may save in the very moment something was typed, before it is drawn.
    const { draft } = newest(card);
    const fields = form.length === 0 ? draft.fields : sentFields(form, draft);
    setTried(true);
    if (form.some((one) => problem(one, OWN.includes(one.id) ? draft[one.id as Own] : (fields?.[one.id] ?? ""), false))) return setError(t("page.form.check"));
    setBusy(true);
    setError("");
    try {
      await api.activity({ call, ...draft, ...(fields ? { fields } : {}), then_idle: thenIdle });
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
      closeCard(call);
    }
  };
  const dispositions = own("disposition")?.choices ?? choices(all, "disposition", DISPOSITIONS);
  useSaveKeys(save, dispositions, (value) => change({ disposition: value }));

  return (
    <form class="cardform" onSubmit={(event) => (event.preventDefault(), void save(false))}>
      <header class="bar">
        <h2>{t("page.card.title")}</h2>
        {card.pop.customer === undefined && <span class="tag">{t("page.card.new")}</span>}
        {card.pop.url !== undefined && isWeb(card.pop.url) && <a href={card.pop.url} target="_blank" rel="noopener noreferrer">{t("page.card.url")}</a>}
        <span class="gap" />
        <OptOut card={card} />
        {!up && <span class="hint">{card.over!.state && t(`call.state.${card.over!.state}`)}</span>}
        {!up && <Button look="link" onClick={() => void close()}>{t("page.record.close")}</Button>}
      </header>
      {cardGroups(card, customers).map(([head, ids]) => {
        const drawn = <div class="fields">{ids.map((id) => <CardField key={id} id={id} card={card} page={customers} />)}</div>;
        return head === "" ? drawn : <details key={head} class="cardgroup" open={!ids.every((id) => id.startsWith(SELDOM))}><summary>{head}</summary>{drawn}</details>;
      })}
      <header class="bar"><h2>{t("page.record.title")}</h2>{card.saved && <span class="tag good">✓ {t("page.record.saved")}</span>}</header>
      <VisitType value={card.draft.visit_type} choices={own("visit_type")?.choices ?? choices(all, "visit_type", VISIT_TYPES)} change={(value) => change({ visit_type: value })} />
      <Disposition value={card.draft.disposition} choices={dispositions} change={(value) => change({ disposition: value })} />
      {form.filter((one) => !OWN.includes(one.id)).map((one) => (
        <FieldControl key={one.id} page="activities" field={one} value={card.draft.fields?.[one.id] ?? one.default} editing={false} complain={tried}
          set={(value) => change({ fields: { ...newest(card).draft.fields, [one.id]: value } })} pick={() => {}} />
      ))}
      <CallBack value={card.draft.callback_at ?? ""} change={(value) => change({ callback_at: value })} />
      <Content value={card.draft.content} change={(value) => change({ content: value })} />
      {error && <p class="error" role="alert">{error}</p>}
      <footer>
        <Button submit look="main" class="tall" disabled={busy}>{t("page.save")} <Key of="save" /></Button>
        <Button class="tall" disabled={busy || view === null || view.state === "signed_out"} onClick={() => void save(true)}>{t("page.record.save_idle")}</Button>
        {cards.unsaved(card) && <span class="hint">{t("page.record.kept")}</span>}
      </footer>
    </form>
  );
}

/** 勿再打: the button, then the slip in its place. */
function OptOut({ card }: { card: cards.Card }) {
  const slip = useCell(slips)[card.pop.call];
  return slip === undefined
    ? <Button look="danger" title={t("page.opt_out.hint")} onClick={() => void optOut(card)}>{t("page.opt_out.button")} <Key of="opt_out" /></Button>
    : <span class="tag" role="status">✓ {slip}</span>;
}

/** After a save the next card that still waits comes to the front; the saved one stays until a call replaces it. */
function nextUnsaved(all: cards.Cards, call: number): cards.Cards {
  const next = all.all.find((one) => one.pop.call !== call && cards.unsaved(one));
  return next === undefined ? all : cards.shown(cards.closed(all, call), next.pop.call);
}

type Own = "visit_type" | "disposition" | "content";
/** Fields of a project's form that have a place of their own. */
const OWN: string[] = ["visit_type", "disposition", "content"];

const newest = (card: cards.Card): cards.Card => popCards.get().all.find((one) => one.pop.call === card.pop.call) ?? card;

const sentFields = (form: FieldView[], draft: cards.Draft) =>
  Object.fromEntries(form.filter((one) => !OWN.includes(one.id)).map((one) => [one.id, draft.fields?.[one.id] ?? one.default]));

/** The manual's seven first, then the company's own; what 字段设置 keeps off the pop-up is not here. */
function shownFields(card: cards.Card, page: PageView | undefined): string[] {
  const known = page?.form ?? [];
  const more = [...known.map((one) => one.id), ...Object.keys(card.pop.card)].filter((id, at, all) => !HIDDEN.includes(id) && !FIELDS.includes(id) && all.indexOf(id) === at);
  return [...FIELDS, ...more].filter((id) => known.find((one) => one.id === id)?.popped !== false);
}

/** The evidence of a consent (D22) is written down seldom: folded until it is. */
const SELDOM = "consent";

/** The fields by 所属分类, those of none first. */
function cardGroups(card: cards.Card, page: PageView | undefined): [string, string[]][] {
  const out = new Map<string, string[]>([["", []]]);
  for (const id of shownFields(card, page)) {
    const head = page?.form.find((one) => one.id === id)?.group ?? "";
    out.set(head, [...(out.get(head) ?? []), id]);
  }
  return [...out];
}

/** Belongs to 分配, not to the agent's card. */
const HIDDEN = ["owner"];
const PLAIN = new Set(["text", "long_text", "phone"]);

function CardField({ id, card, page }: { id: string; card: cards.Card; page: PageView | undefined }) {
  const input = useId();
  const field = page?.form.find((one) => one.id === id);
  const label = field?.title ?? t(`page.card.${id}`);
  const value = card.draft.card[id] ?? card.pop.card[id] ?? (id === "mobile" ? card.pop.number : "");
  const put = (typed: string) => popCards.update((c) => cards.field(c, card.pop.call, id, typed));
  const changed = id in card.draft.card;
  if (field !== undefined && !PLAIN.has(field.kind)) {
    return <FieldControl page="customers" field={{ ...field, title: changed ? `${field.title} •` : field.title, required: false }} value={value} editing={false} complain={false} set={put} pick={() => {}} />;
  }
  return (
    <div class={id === "address" ? "line broad" : "line"}>
      <label for={input}>{label}{changed && <i title={t("page.card.changed")}> •</i>}</label>
      {id === "mobile" ? <input id={input} value={value} readOnly />
        : <input id={input} value={value} maxLength={field?.max_chars || 90} onInput={(event) => put(event.currentTarget.value)} autocomplete="off" />}
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
  const kept = useCell(hotkeys);
  const digits = !kept.off && kept.single;
  return (
    <div class="line" role="group" aria-label={t("page.record.disposition")}>
      <span class="label">{t("page.record.disposition")}</span>
      <div class="results">
        {all.map((one, at) => (
          <button key={one.value} type="button" class={one.value === "do_not_call" ? "result stop" : "result"} aria-pressed={value === one.value} onClick={() => change(value === one.value ? "" : one.value)}>
            {digits && <kbd>{at + 1}</kbd>}{one.label}
          </button>
        ))}
      </div>
    </div>
  );
}

/** 预约回访: a moment ahead, in the company's zone. */
function CallBack({ value, change }: { value: string; change: (value: string) => void }) {
  const id = useId();
  return (
    <div class="line">
      <label for={id}>{t("page.record.callback_at")}</label>
      <input id={id} type="datetime-local" value={value.replace(" ", "T")} onInput={(event) => change(event.currentTarget.value.replace("T", " "))} />
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

/** One key saves from anywhere in the page; digits choose a result unless text is being typed. */
function useSaveKeys(save: (thenIdle: boolean) => Promise<void>, results: Choice[], choose: (value: string) => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (document.querySelector("dialog[open]") !== null || document.getElementById("tab-workbench")?.hidden) return;
      const act = pressed(event);
      if (act === "save" || act === "save_idle") {
        event.preventDefault();
        void save(act === "save_idle");
      }
      const chosen = singleKeys() ? results[Number(event.key) - 1] : undefined;
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
