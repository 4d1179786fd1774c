import { useEffect, useState } from "preact/hooks";
import { api, why } from "../api.ts";
import { t } from "../texts.ts";
import type { ActionRequest, ActionView, FieldView, ListReply, PageView, Row, Values } from "../types.ts";
import { FieldControl, problem } from "./field.tsx";
import { prefixed, targetOf } from "./list.tsx";
import { Button, Dialog, useId } from "./ui.tsx";

/** From so many rows on a deletion asks for their number in figures. */
const MANY = 10;

/** Whether an action asks more than a yes. */
export const needsDialog = (action: ActionView): boolean => (action.asks ?? []).length > 0 || (action.all ?? false);

interface AskProps {
  page: PageView;
  action: ActionView;
  rows: Row[];
  filters: Values;
  reply: ListReply | null;
  close: () => void;
  /** Throws what the service refused. */
  act: (request: ActionRequest) => Promise<void>;
}

/** What an action asks, and whether it is for the ticked rows or for all that the filters find. */
export function AskDialog({ page, action, rows, filters, reply, close, act }: AskProps) {
  const asks = action.asks ?? [];
  const [values, setValues] = useState<Values>(() => Object.fromEntries(asks.map((one) => [one.id, one.default])));
  const [all, setAll] = useState(action.place === "selection" && rows.length === 0);
  const [typed, setTyped] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const found = useFound(page, filters, reply, action.all ?? false, setError);

  const count = all ? found : rows.length;
  const deletes = action.id.startsWith("delete");
  const figure = deletes && (all || rows.length >= MANY);
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (busy || count === null) return;
    if (asks.some((one) => problem(one, values[one.id] ?? "", false)) || (figure && typed.trim() !== String(count))) return setError(t("page.form.check"));
    setBusy(true);
    setError("");
    try {
      await act(all ? { ids: [], args: values, all: true, filters } : { ids: rows.map((one) => one.id), args: values });
      return close();
    } catch (refused) {
      setError(why(refused));
    }
    setBusy(false);
  };

  const title = rows.length > 0 && !action.all ? `${action.title} · ${targetOf(page, rows)}` : `${action.title} · ${page.title}`;
  return (
    <Dialog title={title} wide={asks.some((one) => one.kind === "permissions" || one.kind === "choices")} onClose={close}>
      <form class="form" noValidate onSubmit={submit}>
        <div class="body">
          {action.all && <Scope rows={rows} found={found} all={all} setAll={setAll} />}
          {action.confirm && rows.length > 0 && !all && <p>{t("page.list.sure", { action: action.title, target: targetOf(page, rows) })}</p>}
          {asks.map((field: FieldView) => (
            <FieldControl key={field.id} page={page.id} field={field} value={values[field.id] ?? ""} editing={false} complain={tried}
              set={(value) => setValues((old) => ({ ...old, [field.id]: value }))} pick={() => {}} />
          ))}
          {figure && count !== null && <Figure count={count} typed={typed} type={setTyped} wrong={tried && typed.trim() !== String(count)} />}
        </div>
        {error && <p class="error" role="alert">{error}</p>}
        <footer>
          <Button submit look={deletes ? "danger" : "main"} disabled={busy || count === null || (count === 0 && action.place !== "toolbar")}>{action.title}</Button>
          <Button onClick={close}>{t("page.cancel")}</Button>
        </footer>
      </form>
    </Dialog>
  );
}

/** How many rows the filters find, to the last one; null until known. */
function useFound(page: PageView, filters: Values, reply: ListReply | null, wanted: boolean, fail: (why: string) => void): number | null {
  const [found, setFound] = useState(reply === null || reply.more ? null : reply.total);
  useEffect(() => {
    if (wanted && found === null) api.list(page.id, { page: 1, size: 1, exact: 1, ...prefixed(filters) }).then((exact) => setFound(exact.total), (refused: unknown) => fail(why(refused)));
  }, []);
  return found;
}

function Scope({ rows, found, all, setAll }: { rows: Row[]; found: number | null; all: boolean; setAll: (all: boolean) => void }) {
  const name = useId();
  return (
    <fieldset class="scope">
      <legend class="unseen">{t("page.ask.scope")}</legend>
      <label><input type="radio" name={name} checked={!all} disabled={rows.length === 0} onChange={() => setAll(false)} /> {t("page.ask.ticked", { n: rows.length })}</label>
      <label><input type="radio" name={name} checked={all} onChange={() => setAll(true)} /> {t("page.ask.all", { n: found ?? "…" })}</label>
    </fieldset>
  );
}

/** The number of rows, typed: nobody deletes a whole list by a slip. */
function Figure({ count, typed, type, wrong }: { count: number; typed: string; type: (text: string) => void; wrong: boolean }) {
  const id = useId();
  return (
    <div class="line figure">
      <label for={id}>{t("page.ask.figure", { n: count })}<b aria-hidden="true" class="star">*</b></label>
      <div class="control">
        <input id={id} inputMode="numeric" autocomplete="off" value={typed} aria-invalid={wrong || undefined} onInput={(event) => type(event.currentTarget.value)} />
        {wrong && <p class="wrong">{t("page.ask.figure_wrong", { n: count })}</p>}
      </div>
    </div>
  );
}
