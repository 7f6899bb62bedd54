// Shows, searches and filters the lists of a report. Texts come from exports: each becomes the text of an element, never
// markup, and the page's policy holds to that (trusted-types 'none').

const data = JSON.parse(document.getElementById("data").textContent);
const number = new Intl.NumberFormat("en-US").format;

/** An element with its texts and elements in it. */
function make(tag, className, ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content.filter((part) => part !== undefined && part !== ""));
  return element;
}

/** Text for screen readers alone. */
const spoken = (text) => make("span", "spoken", text);

/** A name or a value in a direction of its own: what it holds cannot turn what is around it. */
const isolated = (tag, text) => make(tag, "", make("bdi", "", text));

// MARK: A list of any length

const perChunk = 40;
const printed = 2000;
/** Paper has no buttons either: values are whole on it. */
let isPrinting = false;
addEventListener("beforeprint", () => {
  isPrinting = true;
  document.querySelectorAll("details:not(.figures)").forEach((part) => (part.open = true));
});
addEventListener("afterprint", () => (isPrinting = false));

/**
 * A list of which only what is near the window is in the document. It is cut into chunks; an empty one keeps the height
 * that it had, or is thought to have.
 */
class LongList {
  #element;
  #item;
  #height;
  #entries = [];
  #chunks = [];
  #current = 0;
  #watcher = new IntersectionObserver((seen) => this.#follow(seen), { rootMargin: "1500px 0px" });

  /** `item` makes an entry's element, `height` guesses how many pixels it takes. */
  constructor(element, item, height) {
    this.#element = element;
    this.#item = item;
    this.#height = height;
    element.addEventListener("keydown", (event) => this.#move(event));
    element.addEventListener("focusin", (event) => this.#enter(event));
    addEventListener("beforeprint", () => this.#print());
    addEventListener("afterprint", () => this.show(this.#entries));
  }

  show(entries) {
    this.#watcher.disconnect();
    this.#entries = entries;
    this.#current = 0;
    this.#chunks = [];
    for (let first = 0; first < entries.length; first += perChunk) {
      const chunk = { element: make("div", "chunk"), first, isFilled: false };
      chunk.element.style.height = this.#of(chunk).reduce((sum, entry) => sum + this.#height(entry), 0) + "px";
      chunk.element.chunk = chunk;
      this.#chunks.push(chunk);
    }
    this.#element.replaceChildren(...this.#chunks.map((chunk) => chunk.element));
    // At once, not when the watcher comes round to it: there is something to see and to step into.
    if (this.#chunks.length) this.#fill(this.#chunks[0]);
    for (const chunk of this.#chunks) this.#watcher.observe(chunk.element);
  }

  #of = (chunk) => this.#entries.slice(chunk.first, chunk.first + perChunk);

  #follow(seen) {
    for (const { target, isIntersecting } of seen) target.chunk.isNear = isIntersecting;
    const near = seen.filter(({ target }) => target.chunk.isNear).map(({ target }) => target.chunk);
    near.forEach((chunk) => this.#fill(chunk));
    // What can be reached by Tab is where the reader is, and not where they were.
    const holder = this.#chunkOf(this.#current);
    if (near.length && !holder.isNear && !holder.element.contains(document.activeElement)) {
      this.#choose(near[0].first);
      this.#empty(holder);
    }
    for (const { target } of seen) if (!target.chunk.isNear) this.#empty(target.chunk);
  }

  #chunkOf = (index) => this.#chunks[Math.floor(index / perChunk)];

  #fill(chunk) {
    if (chunk.isFilled) return;
    chunk.isFilled = true;
    chunk.element.replaceChildren(
      ...this.#of(chunk).map((entry, index) => {
        const item = this.#item(entry);
        item.tabIndex = -1;
        item.setAttribute("aria-posinset", chunk.first + index + 1);
        item.setAttribute("aria-setsize", this.#entries.length);
        return item;
      }),
    );
    chunk.element.style.height = "";
    if (chunk === this.#chunkOf(this.#current)) this.#choose(this.#current);
  }

  /** The one entry that Tab reaches stays. */
  #empty(chunk) {
    const { element } = chunk;
    if (!chunk.isFilled || chunk === this.#chunkOf(this.#current)) return;
    element.style.height = element.offsetHeight + "px";
    element.replaceChildren();
    chunk.isFilled = false;
  }

  #at = (index) => this.#chunkOf(index)?.element.children[index % perChunk];

  #choose(index) {
    this.#at(this.#current)?.setAttribute("tabindex", "-1");
    this.#current = index;
    this.#at(index)?.setAttribute("tabindex", "0");
  }

  #enter(event) {
    const item = event.target.closest("[aria-posinset]");
    if (item) this.#choose(item.getAttribute("aria-posinset") - 1);
  }

  /** The keys of a feed (WAI-ARIA Authoring Practices, "Feed pattern"). */
  #move(event) {
    const step = { PageDown: 1, PageUp: -1 }[event.key];
    if (event.ctrlKey && event.key === "Home") {
      event.preventDefault();
      search.focus();
    } else if (step && !event.ctrlKey) {
      event.preventDefault();
      const next = this.#current + step;
      if (next < 0 || next >= this.#entries.length) return;
      this.#fill(this.#chunkOf(next));
      this.#choose(next);
      this.#at(next).focus();
    }
  }

  /** Paper has no scroll bar: what is to be printed is filled in, up to a number of pages that somebody may still want. */
  #print() {
    this.#watcher.disconnect();
    for (const chunk of this.#chunks) {
      chunk.isFilled = false;
      if (chunk.first < printed) this.#fill(chunk);
      else chunk.element.remove();
    }
    const left = this.#entries.length - printed;
    if (left > 0) {
      this.#element.append(make("p", "remark", `${number(left)} more are not printed; filter them, or use --format csv.`));
    }
  }
}

// MARK: Entries

const place = (entry) =>
  entry.file === undefined
    ? ""
    : data.files[entry.file].split("/").at(-1) +
      (entry.record !== undefined ? `, record ${entry.record}` : entry.line === undefined ? "" : `:${entry.line}`);

const longest = 300;

/** A value; of a very long one the beginning, and a button for all of it. */
function value(tag, text) {
  if (text.length <= longest || isPrinting) return isolated(tag, text);
  const element = isolated(tag, text.slice(0, longest) + "…");
  const button = make("button", "more", `All ${number(text.length)} characters`);
  button.type = "button";
  button.addEventListener("click", () => {
    element.replaceWith(isolated(tag, text));
    button.remove();
  });
  return make("span", "", element, " ", button);
}

function difference([path, old, now]) {
  const change = [];
  if (old !== null) change.push(spoken("was "), value("del", old));
  if (old !== null && now === null) change.push(make("span", "faint", " → removed"));
  if (now !== null) {
    if (old !== null) change.push(" → ");
    change.push(spoken("becomes "), value("ins", now));
  }
  return make("div", "", isolated("dt", data.paths[path]), make("dd", "", ...change));
}

function members(verb, names = []) {
  if (!names.length) return "";
  const shown = isPrinting ? names : names.slice(0, 10);
  const list = shown.flatMap((name, index) => [index ? ", " : "", isolated("span", name)]);
  const line = make("p", "members", `${verb} ${number(names.length)}: `, ...list);
  if (names.length > shown.length) {
    const button = make("button", "more", `All ${number(names.length)}`);
    button.type = "button";
    button.addEventListener("click", () => {
      line.replaceWith(make("p", "members", `${verb} ${number(names.length)}: `, isolated("span", names.join(", "))));
    });
    line.append(", … ", button);
  }
  return line;
}

const tones = ["added", "changed", "removed", "added", "added", "changed", "changed"];
const marks = ["+", "~", "−", "+", "+", "~", "~"];

function changeItem(change) {
  const kind = data.kinds[change.kind];
  const mark = make("span", "mark", marks[change.kind]);
  mark.setAttribute("aria-hidden", "true");
  const title = make("h3", "", mark, make("span", "kind", kind), " ", isolated("span", change.name));
  const facts = make("p", "faint", isolated("span", data.reasons[change.reason]));
  if (change.file !== undefined) facts.append(" · ", isolated("span", place(change)));
  const item = make("article", tones[change.kind], title, facts);
  if (change.outcome) {
    const outcome = make("strong", "", data.outcomes[change.outcome]);
    item.append(make("p", "outcome", outcome, change.error ? ": " : "", isolated("span", change.error ?? "")));
  }
  if (change.attributes.length) item.append(make("dl", "", ...change.attributes.map(difference)));
  item.append(members("Adds", change.adds), members("Removes", change.removes));
  item.setAttribute("aria-label", `${kind} ${change.name}`);
  return item;
}

function personItem(person) {
  const name = person.name ?? "no name";
  const item = make("article", "same", make("h3", "", isolated("span", name)));
  const facts = make("p", "faint");
  if (person.reason !== undefined) facts.append(isolated("span", data.reasons[person.reason]));
  if (person.file !== undefined) facts.append(" · ", isolated("span", place(person)));
  if (facts.childNodes.length) item.append(facts);
  item.setAttribute("aria-label", name);
  return item;
}

// MARK: Search and filters

const form = document.querySelector("form");
const search = document.getElementById("search");
const filters = Object.fromEntries(
  ["kind", "attribute", "group", "domain", "outcome"].map((name) => [name, document.getElementById(name)]),
);
/** By name, then whom the plan leaves alone. */
const people = ["suspected", "pinned", "rejected", "released", "unmanaged"];

const folded = (text) => text.normalize("NFC").toLowerCase();
const domain = (name) => (name?.includes("@") ? folded(name.slice(name.lastIndexOf("@") + 1)) : undefined);
const isUser = (change) => change.kind < 4;

/** Everything of an entry that can be searched, made when it is first asked for. */
function words(entry) {
  entry.words ??= folded(
    [
      entry.name,
      entry.id,
      entry.externalId,
      data.reasons[entry.reason],
      place(entry),
      entry.error,
      ...(entry.attributes ?? []).flatMap(([path, old, now]) => [data.paths[path], old, now]),
      ...(entry.adds ?? []),
      ...(entry.removes ?? []),
    ]
      .filter((text) => text)
      .join("\n"),
  );
  return entry.words;
}

/** Which groups of this plan somebody joins or leaves. */
const groupsOf = new Map();
for (const change of data.changes) {
  if (isUser(change)) continue;
  for (const name of [...(change.adds ?? []), ...(change.removes ?? [])]) {
    if (!groupsOf.has(name)) groupsOf.set(name, new Set());
    groupsOf.get(name).add(change.name);
  }
}

const tests = {
  kind: (change, wanted) => data.kinds[change.kind] === wanted,
  attribute: (change, wanted) => change.attributes.some(([path]) => data.paths[path] === wanted),
  group: (change, wanted) => (isUser(change) ? groupsOf.get(change.name)?.has(wanted) : change.name === wanted),
  domain: (change, wanted) => isUser(change) && domain(change.name) === wanted,
  outcome: (change, wanted) => data.outcomes[change.outcome] === wanted,
};

/** Offers the values that `count` was told of, with how often; a filter with less than two of them is of no use. */
function offer(select, tell) {
  const counts = new Map();
  const count = (value) => counts.set(value, (counts.get(value) ?? 0) + 1);
  for (const change of data.changes) tell(change, count);
  for (const [value, times] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const option = make("option", "", `${value} (${number(times)})`);
    option.value = value;
    select.append(option);
  }
  select.closest("label").hidden = counts.size < 2;
}

offer(filters.kind, (change, count) => count(data.kinds[change.kind]));
offer(filters.attribute, (change, count) => {
  for (const [path] of change.attributes) count(data.paths[path]);
});
offer(filters.group, (change, count) => {
  if (isUser(change)) groupsOf.get(change.name)?.forEach(count);
  else if (change.kind < 6) count(change.name);
});
offer(filters.domain, (change, count) => {
  if (isUser(change) && domain(change.name)) count(domain(change.name));
});
offer(filters.outcome, (change, count) => {
  if (change.outcome !== undefined) count(data.outcomes[change.outcome]);
});

const changeList = new LongList(document.querySelector('[data-list="changes"]'), changeItem, (change) =>
  76 + 26 * change.attributes.length + 26 * (!!change.adds + !!change.removes + !!change.outcome));
const personLists = people
  .map((name) => document.querySelector(`[data-list="${name}"]`))
  .filter((element) => element)
  .map((element) => ({
    entries: data[element.dataset.list],
    list: new LongList(element, personItem, () => 64),
    status: element.parentElement.querySelector(".shown"),
  }));

const told = (shown, all, one, many) =>
  shown === all ? `${number(all)} ${all === 1 ? one : many}` : `${number(shown)} of ${number(all)} ${many}`;

function update() {
  const wanted = folded(search.value).split(/\s+/).filter((word) => word);
  const active = Object.entries(filters).filter(([, select]) => select.value);
  const matches = (entry) => wanted.every((word) => words(entry).includes(word));
  const isAll = !active.length && !wanted.length;
  const changes = isAll
    ? data.changes
    : data.changes.filter(
        (change) => active.every(([name, select]) => tests[name](change, select.value)) && matches(change));
  changeList.show(changes);
  document.getElementById("shown").textContent = told(changes.length, data.changes.length, "change", "changes");
  for (const { entries, list, status } of personLists) {
    const found = wanted.length ? entries.filter(matches) : entries;
    list.show(found);
    status.hidden = !wanted.length;
    status.textContent = wanted.length ? told(found.length, entries.length, "entry", "entries") : "";
  }
}

let pending;
form.addEventListener("input", () => {
  clearTimeout(pending);
  pending = setTimeout(update, 120);
});
form.addEventListener("reset", () => setTimeout(update));
form.addEventListener("submit", (event) => event.preventDefault());

for (const link of document.querySelectorAll("[data-kind], [data-outcome]")) {
  link.addEventListener("click", () => {
    form.reset();
    if (link.dataset.kind) filters.kind.value = link.dataset.kind;
    if (link.dataset.outcome) filters.outcome.value = link.dataset.outcome;
    clearTimeout(pending);
    update();
  });
}

form.hidden = data.changes.length === 0;
document.querySelector(".keys").hidden = data.changes.length === 0;
update();
