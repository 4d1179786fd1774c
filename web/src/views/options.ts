import { useEffect, useState } from "preact/hooks";
import { api, why } from "../api.ts";
import { toast } from "../desk.ts";
import { t } from "../texts.ts";
import type { Choice, FilterView } from "../types.ts";

/** The choices of a select: its own, yes and no, or rows of the company fetched when first needed. */
export function useOptions(page: string, field: FilterView): Choice[] {
  const [fetched, setFetched] = useState<Choice[]>([]);
  useEffect(() => {
    if (!field.options_from) return;
    let here = true;
    api.options(page, field.id).then((all) => here && setFetched(all), (refused: unknown) => toast(why(refused), true));
    return () => void (here = false);
  }, [page, field.id, field.options_from]);
  if (field.kind === "yes_no") return [{ value: "true", label: t("page.yes_word") }, { value: "false", label: t("page.no_word") }];
  return field.options_from ? fetched : field.choices;
}
