import { useState } from "preact/hooks";
import { t } from "../texts.ts";
import type { FilterView, PageView, Values } from "../types.ts";
import { useOptions } from "./options.ts";
import { Button, useId, wholeMoment } from "./ui.tsx";

/** As many as stand in one row; the rest opens under 高级查询. */
const PLAIN = 5;

export function Filters({ page, given, apply }: { page: PageView; given: Values; apply: (filters: Values) => void }) {
  const [values, setValues] = useState<Values>(given);
  const [more, setMore] = useState(false);
  const shown = more ? page.filters : page.filters.slice(0, PLAIN);
  const set = (id: string, value: string) => setValues({ ...values, [id]: value });
  return (
    <form class="filters" role="search" onSubmit={(event) => (event.preventDefault(), apply(filled(values)))}>
      {shown.map((filter) => <Filter key={filter.id} page={page.id} filter={filter} value={values[filter.id] ?? ""} set={(value) => set(filter.id, value)} />)}
      <span class="go">
        <Button submit look="main">{t("page.list.query")}</Button>
        <Button onClick={() => (setValues({}), apply({}))}>{t("page.list.reset")}</Button>
        {page.filters.length > PLAIN && <Button look="link" aria-expanded={more} onClick={() => setMore(!more)}>{t("page.list.advanced")} {more ? "▲" : "▼"}</Button>}
      </span>
    </form>
  );
}

const filled = (values: Values): Values => Object.fromEntries(Object.entries(values).map(([id, value]) => [id, value.trim()]).filter(([, value]) => value !== ""));

function Filter({ page, filter, value, set }: { page: string; filter: FilterView; value: string; set: (value: string) => void }) {
  const id = useId();
  const options = useOptions(page, filter);
  if (filter.kind === "date_time") {
    return (
      <span class="when">
        <label for={id}>{filter.title}</label>
        <input id={id} type="datetime-local" value={value.replace(" ", "T")} onInput={(event) => set(wholeMoment(event.currentTarget.value))} />
      </span>
    );
  }
  if (filter.kind === "date") {
    return (
      <span class="when day">
        <label for={id}>{filter.title}</label>
        <input id={id} type="date" max="9999-12-31" value={value} onInput={(event) => set(event.currentTarget.value)} />
      </span>
    );
  }
  if (filter.kind === "select" || filter.kind === "choices" || filter.kind === "yes_no") {
    return (
      <select aria-label={filter.title} value={value} class={value === "" ? "unset" : ""} onChange={(event) => set(event.currentTarget.value)}>
        <option value="">{filter.title}</option>
        {options.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
      </select>
    );
  }
  return <input value={value} placeholder={filter.title} aria-label={filter.title} maxLength={90} autocomplete="off" onInput={(event) => set(event.currentTarget.value)} />;
}
