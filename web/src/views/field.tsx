import { api } from "../api.ts";
import { t } from "../texts.ts";
import type { FieldView } from "../types.ts";
import { useOptions } from "./options.ts";
import { type InputEvent, useId } from "./ui.tsx";

interface FieldProps {
  page: string;
  field: FieldView;
  value: string;
  editing: boolean;
  /** Say what is wrong: a save was tried. */
  complain: boolean;
  set: (value: string) => void;
  pick: (file: File | null) => void;
}

const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/;

/** What keeps a value from being sent; "" where nothing does. The service has the last word on everything else. */
export function problem(field: FieldView, value: string, editing: boolean): string {
  if (editing && field.fixed) return "";
  if (field.required && value.trim() === "" && field.kind !== "file" && !(editing && field.kind === "password")) return t("page.form.required");
  if (field.kind === "span" && value !== "" && !value.split("~").every((end) => CLOCK.test(end))) return t("page.form.span");
  if (field.kind === "number" && value !== "" && !/^-?\d+$/.test(value)) return t("page.form.number");
  return "";
}

export function FieldControl({ page, field, value, editing, complain, set, pick }: FieldProps) {
  const id = useId();
  const wrong = complain ? problem(field, value, editing) : "";
  const fixed = editing && field.fixed;
  const common = { id, "aria-invalid": wrong !== "" || undefined, "aria-describedby": wrong ? `${id}-e` : undefined, disabled: fixed };
  const type = (event: InputEvent) => set(event.currentTarget.value);
  return (
    <div class={`line k-${field.kind}`}>
      <label for={id}>{field.title}{field.required && <b aria-hidden="true" class="star">*</b>}</label>
      <div class="control">
        <Control page={page} field={field} value={value} editing={editing} common={common} type={type} set={set} pick={pick} />
        {wrong && <p class="wrong" id={`${id}-e`}>{wrong}</p>}
      </div>
    </div>
  );
}

type ControlProps = Omit<FieldProps, "complain"> & { common: { id: string; disabled: boolean }; type: (event: InputEvent) => void };

function Control({ page, field, value, editing, common, type, set, pick }: ControlProps) {
  const longest = field.max_chars || undefined;
  switch (field.kind) {
    case "select":
      return <Select page={page} field={field} value={value} common={common} set={set} />;
    case "yes_no":
      return <YesNo common={common} value={value} title={field.title} set={set} />;
    case "long_text":
      return <textarea {...common} rows={3} maxLength={longest} value={value} onInput={type} />;
    case "span":
      return <Span common={common} value={value} set={set} title={field.title} />;
    case "file":
      return <FileLine page={page} common={common} pick={pick} />;
    case "password":
      return <input {...common} type="password" autocomplete="new-password" maxLength={longest} value={value} placeholder={editing ? t("page.form.keep_password") : ""} onInput={type} />;
    case "number":
      return <input {...common} inputMode="numeric" maxLength={longest ?? 12} value={value} onInput={type} autocomplete="off" />;
    default:
      return <input {...common} maxLength={longest} value={value} onInput={type} autocomplete="off" />;
  }
}

function Select({ page, field, value, common, set }: { page: string; field: FieldView; value: string; common: object; set: (value: string) => void }) {
  const options = useOptions(page, field);
  return (
    <select {...common} value={value} onChange={(event) => set(event.currentTarget.value)}>
      {(!field.required || value === "") && <option value="">{t("page.choose")}</option>}
      {options.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
    </select>
  );
}

function YesNo({ common, value, title, set }: { common: { id: string; disabled: boolean }; value: string; title: string; set: (value: string) => void }) {
  return (
    <span class="yesno" role="radiogroup" aria-label={title}>
      {(["true", "false"] as const).map((word, at) => (
        <label key={word}>
          <input type="radio" name={common.id} id={at === 0 ? common.id : undefined} disabled={common.disabled} checked={value === word} onChange={() => set(word)} />
          {t(word === "true" ? "page.yes_word" : "page.no_word")}
        </label>
      ))}
    </span>
  );
}

/** hh:mm~hh:mm; 24:00 is the day's end, which a time input could not say. */
function Span({ common, value, title, set }: { common: { id: string; disabled: boolean }; value: string; title: string; set: (value: string) => void }) {
  const [from = "", to = ""] = value.split("~");
  return (
    <span class="span">
      <input {...common} value={from} maxLength={5} placeholder="09:00" onInput={(event) => set(`${event.currentTarget.value}~${to}`)} />
      ~
      <input disabled={common.disabled} value={to} maxLength={5} placeholder="20:00" aria-label={`${title} ${t("page.form.until")}`} onInput={(event) => set(`${from}~${event.currentTarget.value}`)} />
    </span>
  );
}

export function FileLine({ page, common, pick }: { page: string; common: object; pick: (file: File | null) => void }) {
  return (
    <>
      <span class="filepick">
        <input {...common} type="file" accept=".csv,text/csv" onChange={(event) => pick(event.currentTarget.files?.[0] ?? null)} />
        <a href={api.templateLink(page)} download="">{t("page.import.template")}</a>
      </span>
      <p class="hint">{t("page.import.rule")}</p>
    </>
  );
}
