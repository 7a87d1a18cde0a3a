// Small things for making elements. Whatever people wrote goes in as text, never as markup.

export const byId = (id) => document.getElementById(id);

// el makes an element: "on…" are listeners, "data" is the dataset, other names are attributes; false and null leave out.
export function el(tag, props = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(e.dataset, value);
    else e.setAttribute(name, value === true ? "" : value);
  }
  e.append(...children.flat().filter((c) => c != null && c !== false));
  return e;
}

// keep brings a list's children to the items given, each {key, print, make}: what is the same stays as it is, so that
// focus, scrolling and screen readers are not disturbed. It says which elements are new or changed.
export function keep(parent, items) {
  const old = new Map([...parent.children].map((c) => [c.dataset.key, c]));
  const changed = [];
  let at = parent.firstElementChild;
  for (const { key, print, make } of items) {
    let e = old.get(String(key));
    old.delete(String(key));
    if (!e || e.dataset.print !== print) {
      const next = make();
      next.dataset.key = key;
      next.dataset.print = print;
      if (e) swap(e, next, () => { if (at === e) at = next; });
      changed.push({ element: next, fresh: !e });
      e = next;
    }
    if (e === at) at = at.nextElementSibling;
    else parent.insertBefore(e, at);
  }
  for (const gone of old.values()) gone.remove();
  return changed;
}

// swap replaces an element and keeps the keyboard's place.
function swap(old, next, after) {
  const had = old.contains(document.activeElement);
  old.replaceWith(next);
  after();
  if (had) (next.querySelector("button:not([disabled])") ?? next).focus({ preventScroll: true });
}
