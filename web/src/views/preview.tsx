import { useState } from "preact/hooks";
import { t } from "../texts.ts";
import type { FieldView, Kind, PageView, Values } from "../types.ts";
import { FieldControl } from "./field.tsx";

/** 控件类型 of 字段设置 and the kind each is drawn as. */
const KINDS: Record<string, Kind> = {
  field_text: "text", field_long: "long_text", field_number: "number", field_date: "date", field_datetime: "date_time", field_one: "select", field_several: "choices",
};

/** Whether the rows of a page are fields: those of customers, or of a project's form. */
export const describesFields = (page: PageView): boolean => page.form.some((one) => one.id === "kind" && one.choices.some((choice) => choice.value in KINDS));

/** 预览 (F27): the real control, as the form being filled in describes it, to try out. */
export function FieldPreview({ values }: { values: Values }) {
  const [value, setValue] = useState("");
  const field = described(values);
  return (
    <fieldset class="fieldgroup preview">
      <legend>{t("page.form.preview")}</legend>
      <FieldControl key={field.kind} page="customers" field={field} value={value} editing={false} complain={false} set={setValue} pick={() => {}} />
    </fieldset>
  );
}

function described(values: Values): FieldView {
  const words = (values.options ?? "").split(/[\n,，;；]/).map((one) => one.trim()).filter(Boolean);
  return {
    id: "preview", title: values.name || t("page.form.preview_name"), kind: KINDS[values.kind ?? ""] ?? "text", required: false, max_chars: whole(values.length), width: whole(values.width),
    choices: words.map((one) => ({ value: one, label: one })), options_from: null, default: "", fixed: false, advanced: false,
  };
}

const whole = (text: string | undefined): number => (/^\d+$/.test(text ?? "") ? Number(text) : 0);
