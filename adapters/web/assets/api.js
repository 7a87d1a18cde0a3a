// Talking to the house: JSON there and back; what went wrong is an Error with the house's own words.

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.title ?? `Something went wrong (${response.status}). Please try again.`);
  return body;
}

export const get = async (path) => answer(await fetch(path, { headers: { Accept: "application/json" } }));

export const post = async (path, body) =>
  answer(await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }));

// putFile keeps a file and says how it is named from now on.
export const putFile = async (file) => answer(await fetch(`/api/files?name=${encodeURIComponent(file.name)}`, { method: "PUT", body: file }));

// tries and pause are for a line that was cut: the server may be starting again.
const tries = 6;
const pause = 700;

// send posts what must arrive once: it carries its own id, so it may be tried again until there is an answer.
export async function send(path, body) {
  for (let i = 1; ; i++) {
    try {
      return await post(path, body);
    } catch (e) {
      if (!(e instanceof TypeError)) throw e;
      if (i === tries) throw new Error("Nevermind is away. Please try again.");
      await new Promise((later) => setTimeout(later, pause));
    }
  }
}

// drawing fetches a diagram as an element ready to be put in the page.
export async function drawing(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error("There is no drawing of this.");
  const parsed = new DOMParser().parseFromString(await response.text(), "image/svg+xml");
  return document.importNode(parsed.documentElement, true);
}

// freshId makes the id of one act, so that sending it twice counts once.
export const freshId = () => "web:" + [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");

// again makes a function that runs the work now, and once more afterwards if asked meanwhile; never twice at a time.
export function again(work) {
  let running = null;
  let wanted = false;
  return function run() {
    if (running) {
      wanted = true;
      return running;
    }
    running = (async () => {
      do {
        wanted = false;
        await work();
      } while (wanted);
    })().finally(() => { running = null; });
    return running;
  };
}
