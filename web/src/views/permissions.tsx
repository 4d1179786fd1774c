import { useEffect, useState } from "preact/hooks";
import { api, why } from "../api.ts";
import { toast } from "../desk.ts";
import { t } from "../texts.ts";
import type { PermissionGroup } from "../types.ts";

interface TreeProps {
  /** Words with a comma between. */
  value: string;
  title: string;
  disabled: boolean;
  set: (value: string) => void;
}

/** 权限操作 of a role (F96): menu, page, button, with 全选 at each step. Words that the asker lacks himself are kept as they are. */
export function PermissionTree({ value, title, disabled, set }: TreeProps) {
  const [groups, setGroups] = useState<PermissionGroup[]>([]);
  useEffect(() => {
    let here = true;
    api.permissions().then((all) => here && setGroups(all), (refused: unknown) => toast(why(refused), true));
    return () => void (here = false);
  }, []);
  const chosen = new Set(value.split(",").filter(Boolean));
  const put = (words: string[], on: boolean) => {
    const next = new Set(chosen);
    for (const word of words) on ? next.add(word) : next.delete(word);
    set([...next].join(","));
  };
  const whole = (words: string[], label: string, look: string) => (
    <label class={look}>
      <input type="checkbox" disabled={disabled} checked={words.length > 0 && words.every((word) => chosen.has(word))} aria-label={`${label} ${t("page.all_of_them")}`}
        ref={(box) => void (box && (box.indeterminate = words.some((word) => chosen.has(word)) && !words.every((word) => chosen.has(word))))}
        onChange={(event) => put(words, event.currentTarget.checked)} /> {label}
    </label>
  );
  return (
    <div class="permissions" role="group" aria-label={title}>
      {whole(groups.flatMap(words), t("page.all_of_them"), "all")}
      {menus(groups).map(([menu, pages]) => (
        <fieldset key={menu}>
          <legend>{whole(pages.flatMap(words), menu || t("page.form.other"), "menu")}</legend>
          {pages.map((page) => (
            <div key={page.title} class="pagewords" role="group" aria-label={page.title || menu}>
              {page.title && whole(words(page), page.title, "page")}
              {page.words.map((word) => (
                <label key={word.value}><input type="checkbox" value={word.value} disabled={disabled} checked={chosen.has(word.value)} onChange={(event) => put([word.value], event.currentTarget.checked)} /> {word.label}</label>
              ))}
            </div>
          ))}
        </fieldset>
      ))}
    </div>
  );
}

const words = (group: PermissionGroup): string[] => group.words.map((one) => one.value);

function menus(groups: PermissionGroup[]): [string, PermissionGroup[]][] {
  const out = new Map<string, PermissionGroup[]>();
  for (const group of groups) out.set(group.menu, [...(out.get(group.menu) ?? []), group]);
  return [...out];
}
