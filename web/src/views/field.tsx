import { api } from "../api.ts";
import { t } from "../texts.ts";
import type { FieldView } from "../types.ts";
import { useOptions } from "./options.ts";
import { PermissionTree } from "./permissions.tsx";
import { type InputEvent, useId, wholeMoment } from "./ui.tsx";

interface FieldProps {
  page: string;
  field: FieldView;
  value: string;
  editing: boolean;
  /** Say what is wrong: a save was tried. */
  complain: boolean;
  set: (value: string) => void;
  pick: (file: File | null) => void;
  /** A file of this form is a sound, not a list of rows. */
  sounds?: boolean | undefined;
}

const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/;

/** What keeps a value from being sent; "" where nothing does. The service has the last word on everything else. */
export function problem(field: FieldView, value: string, editing: boolean): string {
  if (editing && field.fixed) return "";
  if (field.required && value.trim() === "" && field.kind !== "file" && !(editing && field.kind === "password")) return t("page.form.required");
  if (field.kind === "span" && value !== "" && !value.split("~").every((end) => CLOCK.test(end))) return t("page.form.span");
  if (field.kind === "money" && value !== "" && !/^-?\d+(\.\d{1,6})?$/.test(value)) return t("page.form.money");
  if (field.kind === "number" && value !== "" && !/^-?\d+$/.test(value)) return t("page.form.number");
  return "";
}

/** Kinds drawn as a group of controls: a label cannot point at one of them. */
const GROUPS = new Set(["yes_no", "choices", "permissions"]);

export function FieldControl({ page, field, value, editing, complain, set, pick, sounds }: FieldProps) {
  const id = useId();
  const wrong = complain ? problem(field, value, editing) : "";
  const fixed = editing && field.fixed;
  const about = [field.hint ? `${id}-h` : "", wrong ? `${id}-e` : ""].filter(Boolean).join(" ");
  const common = { id, "aria-invalid": wrong !== "" || undefined, "aria-describedby": about || undefined, disabled: fixed };
  const type = (event: InputEvent) => set(event.currentTarget.value);
  const title = <>{field.title}{field.required && <b aria-hidden="true" class="star">*</b>}</>;
  return (
    <div class={`line k-${field.kind}`} data-field={field.id}>
      {GROUPS.has(field.kind) ? <span class="label">{title}</span> : <label for={id}>{title}</label>}
      <div class="control" style={field.width ? { maxWidth: `${field.width}px` } : undefined}>
        <Control page={page} field={field} value={value} editing={editing} common={common} type={type} set={set} pick={pick} sounds={sounds} />
        {field.hint && <p class="hint" id={`${id}-h`}>{field.hint}</p>}
        {wrong && <p class="wrong" id={`${id}-e`}>{wrong}</p>}
      </div>
    </div>
  );
}

type Common = { id: string; disabled: boolean };
type ControlProps = Omit<FieldProps, "complain"> & { common: Common; type: (event: InputEvent) => void };

function Control({ page, field, value, editing, common, type, set, pick, sounds }: ControlProps) {
  const longest = field.max_chars || undefined;
  switch (field.kind) {
    case "select":
      return <Select page={page} field={field} value={value} common={common} set={set} />;
    case "choices":
      return <Several page={page} field={field} value={value} common={common} set={set} />;
    case "permissions":
      return <PermissionTree value={value} title={field.title} disabled={common.disabled} set={set} />;
    case "yes_no":
      return <YesNo common={common} value={value} title={field.title} set={set} />;
    case "long_text":
      return <textarea {...common} rows={3} maxLength={longest} value={value} onInput={type} />;
    case "span":
      return <Span common={common} value={value} set={set} title={field.title} />;
    case "date":
      return <input {...common} type="date" max="9999-12-31" value={value} onInput={type} />;
    case "date_time":
      return <input {...common} type="datetime-local" step={1} value={value.replace(" ", "T")} onInput={(event) => set(wholeMoment(event.currentTarget.value))} />;
    case "file":
      if (sounds) return <><input {...common} type="file" accept=".wav,.mp3,audio/wav,audio/mpeg" onChange={(event) => pick((event.currentTarget as HTMLInputElement).files?.[0] ?? null)} /><p class="hint">{t("page.prompt.rule")}</p></>;
      return <FileLine page={page} common={common} pick={pick} />;
    case "password":
      return <input {...common} type="password" autocomplete="new-password" maxLength={longest} value={value} placeholder={editing ? t("page.form.keep_password") : ""} onInput={type} />;
    case "number":
      return <input {...common} inputMode="numeric" maxLength={longest ?? 12} value={value} onInput={type} autocomplete="off" />;
    default:
      if (field.id === "colour") return <input {...common} type="color" value={value || "#1a7f37"} onInput={type} />;
      return <input {...common} inputMode={field.kind === "phone" ? "tel" : undefined} maxLength={longest} value={value} onInput={type} autocomplete="off" />;
  }
}

function Select({ page, field, value, common, set }: { page: string; field: FieldView; value: string; common: Common; set: (value: string) => void }) {
  const options = useOptions(page, field);
  // A row may hold a choice that is no longer given.
  const lost = value !== "" && options.length > 0 && !options.some((one) => one.value === value);
  return (
    <select {...common} value={value} onChange={(event) => set(event.currentTarget.value)}>
      <option value="">{t("page.choose")}</option>
      {lost && <option value={value}>{value}</option>}
      {options.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
    </select>
  );
}

/** Several of the choices; kept in the choices' own order. */
function Several({ page, field, value, common, set }: { page: string; field: FieldView; value: string; common: Common; set: (value: string) => void }) {
  const options = useOptions(page, field);
  const chosen = new Set(value.split(",").filter(Boolean));
  const flip = (one: string) => {
    if (!chosen.delete(one)) chosen.add(one);
    set(options.filter((option) => chosen.has(option.value)).map((option) => option.value).join(","));
  };
  const all = options.length > 0 && options.every((one) => chosen.has(one.value));
  return (
    <div class="several" role="group" aria-label={field.title} id={common.id}>
      {options.length > 3 && (
        <label class="all"><input type="checkbox" disabled={common.disabled} checked={all} onChange={() => set(all ? "" : options.map((one) => one.value).join(","))} /> {t("page.all_of_them")}</label>
      )}
      {options.map((one) => (
        <label key={one.value}><input type="checkbox" disabled={common.disabled} checked={chosen.has(one.value)} onChange={() => flip(one.value)} /> {one.label}</label>
      ))}
    </div>
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
        <input {...common} type="file" accept=".csv,.txt,.xlsx,text/csv" onChange={(event) => pick(event.currentTarget.files?.[0] ?? null)} />
        <a href={api.templateLink(page)} download="">{t("page.import.template")}</a>
      </span>
      <p class="hint">{t("page.import.rule")}</p>
      <p class="hint">{t("page.import.sheets")}</p>
    </>
  );
}
