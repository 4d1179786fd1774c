import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, why } from "../api.ts";
import { toast } from "../desk.ts";
import { dropDraft, keepDraft, keptDraft } from "../drafts.ts";
import { t } from "../texts.ts";
import type { FieldView, PageView, Values } from "../types.ts";
import { FieldControl, problem } from "./field.tsx";
import { CampaignImport } from "./importer.tsx";
import { FieldPreview, describesFields } from "./preview.tsx";
import { Button, Dialog, confirm } from "./ui.tsx";

/** The view whose rows have a sound file of their own. */
export const PROMPTS = "prompts";

interface FormProps {
  page: PageView;
  /** Absent: a new row. */
  row: number | undefined;
  close: () => void;
  saved: () => void;
}

/** 添加 and 编辑. Keeps what was typed when the service refuses; a file is imported into the new row in the same 保存. */
export function FormDialog({ page, row, close, saved }: FormProps) {
  const [loaded, setLoaded] = useState<Values | null>(row === undefined ? defaults(page) : null);
  const [file, setFile] = useState<File | null>(null);
  const [changed, setChanged] = useState<Values>(() => keptDraft(page.id, row, page.form));
  const [restored, setRestored] = useState(Object.keys(changed).length > 0);
  const [more, setMore] = useState(false);
  const [error, setError] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [created, setCreated] = useState<number | null>(null);

  useEffect(() => {
    if (row === undefined) return;
    api.row(page.id, row).then((reply) => setLoaded({ ...defaults(page), ...reply.values }), (refused: unknown) => setError(why(refused)));
  }, [page.id, row]);

  const action = page.actions.find((one) => one.id === (row === undefined ? "add" : "edit"));
  const title = `${action?.title ?? ""} · ${page.title}`;
  const fields = page.form.filter((one) => row === undefined || one.kind !== "file" || page.view === PROMPTS);
  const plain = fields.filter((one) => !one.advanced);
  const advanced = fields.filter((one) => one.advanced);
  const dirty = file !== null || Object.keys(changed).length > 0;
  const leave = async () => {
    if (dirty && created === null && !(await confirm(t("page.form.throw_away"), t("page.record.throw_away")))) return;
    dropDraft(page.id, row);
    close();
  };
  const set = (id: string, value: string) => {
    const next = { ...changed, [id]: value };
    setChanged(next);
    keepDraft(page.id, row, page.form, next);
  };
  const values = loaded && { ...loaded, ...changed };

  const submit = async (event: Event) => {
    event.preventDefault();
    if (values === null || busy) return;
    setTried(true);
    const wrong = fields.find((one) => problem(one, values[one.id] ?? "", row !== undefined));
    if (wrong !== undefined) {
      setMore(more || wrong.advanced);
      return setError(t("page.form.check"));
    }
    setBusy(true);
    setError("");
    try {
      const done = await api.save(page.id, row, sent(fields, values, row !== undefined));
      dropDraft(page.id, row);
      saved();
      if (file !== null && page.view === PROMPTS) await api.putFile(page.id, done.id, file, () => {});
      if (file === null || page.view === PROMPTS) {
        toast(done.text ?? t("page.form.saved"));
        return close();
      }
      setCreated(done.id);
    } catch (refused) {
      setError(why(refused));
    }
    setBusy(false);
  };

  if (created !== null && file !== null) {
    return (
      <Dialog title={`${t("page.import.title")} · ${values?.name ?? page.title}`} wide onClose={close}>
        <CampaignImport page={page.id} file={file} campaign={created} sync={values?.sync_customers} close={close} done={saved} />
      </Dialog>
    );
  }
  const draw = (field: FieldView) => values !== null && (
    <FieldControl key={field.id} page={page.id} field={field} value={values[field.id] ?? ""} editing={row !== undefined} complain={tried} sounds={page.view === PROMPTS}
      set={(value) => set(field.id, value)} pick={setFile} />
  );
  return (
    <Dialog title={title} wide={plain.length > 8 || plain.some((one) => one.kind === "permissions")} onClose={() => void leave()}>
      <form class="form" noValidate onSubmit={submit}>
        <div class={plain.length > 8 ? "body two" : "body"}>
          {restored && <p class="warning whole">{t("page.form.restored")} <Button look="link" onClick={() => (setChanged({}), setRestored(false), dropDraft(page.id, row))}>{t("page.form.start_over")}</Button></p>}
          {values === null && !error && <p class="hint">{t("page.list.loading")}</p>}
          <Grouped fields={plain} draw={draw} />
          {describesFields(page) && values !== null && <FieldPreview values={values} />}
          {advanced.length > 0 && values !== null && (
            <div class="advanced">
              <Button look="link" aria-expanded={more} onClick={() => setMore(!more)}>{t("page.form.advanced")} {more ? "▲" : "▼"}</Button>
              {more && advanced.map(draw)}
            </div>
          )}
        </div>
        {error && <p class="error" role="alert">{error}</p>}
        <footer>
          <Button submit look="main" disabled={busy || values === null}>{t("page.save")}</Button>
          <Button onClick={() => void leave()}>{t("page.cancel")}</Button>
        </footer>
      </form>
    </Dialog>
  );
}

/** Fields of one group stand together under its heading, at the place of its first. */
export function Grouped({ fields, draw }: { fields: FieldView[]; draw: (field: FieldView) => ComponentChildren }) {
  const heads = [...new Set(fields.map((one) => one.group ?? ""))];
  return (
    <>
      {heads.map((head) => {
        const own = fields.filter((one) => (one.group ?? "") === head);
        return head === "" ? own.map(draw) : <fieldset key={head} class="fieldgroup"><legend>{head}</legend>{own.map(draw)}</fieldset>;
      })}
    </>
  );
}

const defaults = (page: PageView): Values => Object.fromEntries(page.form.map((one) => [one.id, one.default]));

/** Files go by the import; what is fixed, or a password left blank, is not sent again. */
function sent(fields: FieldView[], values: Values, editing: boolean): Values {
  const kept = fields.filter((one) => one.kind !== "file" && !(editing && one.fixed) && !(one.kind === "password" && values[one.id] === ""));
  return Object.fromEntries(kept.map((one) => [one.id, values[one.id] ?? ""]));
}
