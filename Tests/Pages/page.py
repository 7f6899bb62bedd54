"""Opens a report in Debian's Chromium as a reader would, and prints what happened as one JSON object.

    page.py look PAGE.html [FOLDER]     accessibility, search, filters, keyboard, what names can do, paper, no JavaScript;
                                        screenshots and the PDF go into FOLDER, to be looked at
    page.py index PAGE.html [FOLDER]    the page of all runs: accessibility, and where its first link leads
    page.py open PAGE.html              what it takes to open a large one, to scroll and to search it
"""

import json
import pathlib
import shutil
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

WIDTHS = {"phone": (390, 844), "tablet": (820, 1180), "desk": (1440, 900)}


def watched(context, found):
    """A page whose complaints and requests are kept in `found`."""
    page = context.new_page()
    page.on("console", lambda message: found["console"].append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: found["console"].append(str(error)))
    page.on("request", lambda request: found["requests"].append(request.url))
    return page


def accessibility(page):
    """What axe-core objects to, in all of its rules."""
    results = Axe().run(page).response
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]


def shown(page):
    page.wait_for_timeout(300)
    return page.inner_text("#shown")


def focused(page):
    """What has the keyboard's focus: its id, its place in a list, or its element and text."""
    return page.evaluate(
        """() => {
            const element = document.activeElement;
            return element.id || element.getAttribute("aria-posinset") || `${element.localName} ${element.innerText}`;
        }"""
    )


def search_and_filter(page):
    found = {"all": shown(page)}
    page.fill("#search", "LEAD p1@")
    found["search"] = shown(page)
    page.fill("#search", "nobody has this")
    found["search nobody"] = shown(page)
    page.click("button[type=reset]")
    found["cleared"] = shown(page)
    for name in ("kind", "attribute", "group", "domain", "outcome"):
        if page.locator(f"#{name}").is_hidden():
            continue
        for value in page.eval_on_selector_all(f"#{name} option", "options => options.map(option => option.value)")[1:]:
            page.select_option(f"#{name}", value)
            found[f"{name} {value}"] = shown(page)
        page.select_option(f"#{name}", "")
    page.click(".tiles .removed a")
    found["tile of leavers"] = shown(page)
    page.fill("#search", "p7@")
    shown(page)
    found["pinned who match"] = page.inner_text("#pinned .shown")
    page.click("button[type=reset]")
    shown(page)
    return found


def keyboard(page):
    found = []
    page.reload()
    page.keyboard.press("Tab")
    found.append(focused(page))
    page.keyboard.press("Enter")
    found.append(focused(page))
    for _ in range(40):
        page.keyboard.press("Tab")
        if focused(page) == "1":
            break
    found.append(focused(page))
    for key in ("PageDown", "PageDown", "PageUp", "Control+Home"):
        page.keyboard.press(key)
        found.append(focused(page))
    return found


def hostility(page):
    """What names managed to do."""
    found = page.evaluate(
        """() => ({
            images: document.images.length,
            scripts: document.scripts.length,
            owned: String(window.owned),
            rightToLeft: /[\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]/.test(document.body.innerText),
            text: [...document.querySelectorAll("article")].map(entry => entry.innerText)
                .filter(text => text.includes("<img")).length,
        })"""
    )
    button = page.locator("button.more").first
    found["long value"] = button.inner_text()
    button.click()
    found["longest word"] = page.evaluate("() => Math.max(...document.body.innerText.split(/\\s+/).map(w => w.length))")
    return found


def policy(page):
    """What a script in the page could do, if somebody got one into it."""
    return page.evaluate(
        """async () => {
            const tried = {};
            try { document.body.innerHTML += "<b>x</b>"; tried.markup = "allowed"; } catch (e) { tried.markup = e.name; }
            try { await fetch("https://example.com/"); tried.fetch = "allowed"; } catch (e) { tried.fetch = e.name; }
            tried.inline = document.querySelector("meta[http-equiv]").content.includes("unsafe");
            return tried;
        }"""
    )


def paper(page, folder):
    """How many entries are in the document while it is printed, of how many."""
    page.evaluate(
        """() => addEventListener("beforeprint", () => {
            window.printed = document.querySelectorAll("[data-list=changes] article").length;
        })"""
    )
    pdf = page.pdf(format="A4")
    if folder:
        (folder / "paper.pdf").write_bytes(pdf)
    return {"isPDF": pdf.startswith(b"%PDF"), "printed": page.evaluate("() => window.printed")}


def without_javascript(browser, url, folder):
    page = browser.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 900}).new_page()
    page.goto(url)
    if folder:
        page.screenshot(path=folder / "no-javascript.png", full_page=True)
    return {
        "headings": [heading.strip() for heading in page.locator("h2").all_inner_texts()],
        "remark": page.locator("#changes noscript").inner_text(),
        "form": page.locator("form").is_visible(),
    }


def from_all_sides(browser, url, folder, found, prefix, ready):
    """Opens the page at three widths, light and dark."""
    found |= {"console": [], "requests": [], "axe": {}, "overflow": []}
    for name, (width, height) in WIDTHS.items():
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            page = watched(context, found)
            page.goto(url)
            page.wait_for_selector(ready)
            found["axe"][f"{name}, {scheme}"] = accessibility(page)
            if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
                found["overflow"].append(name)
            if folder:
                page.screenshot(path=folder / f"{prefix}{name}-{scheme}.png", full_page=True)
            context.close()


def index(browser, url, folder):
    found = {}
    from_all_sides(browser, url, folder, found, "index-", "h1")
    page = watched(browser.new_context(), found)
    page.goto(url)
    found["runs"] = page.locator(".runs > li").count()
    page.click(".runs a")
    page.wait_for_selector("article")
    found["leadsTo"] = page.title()
    return found


def look(browser, url, folder):
    found = {}
    from_all_sides(browser, url, folder, found, "", "article")
    page = watched(browser.new_context(viewport={"width": 1440, "height": 900}), found)
    page.goto(url)
    found["filters"] = search_and_filter(page)
    found["keyboard"] = keyboard(page)
    found["hostility"] = hostility(page)
    page.reload()
    found["paper"] = paper(page, folder)
    found["noJavaScript"] = without_javascript(browser, url, folder)
    # Last: what is tried here is meant to be complained about.
    page.reload()
    complaints, found["console"] = found["console"], []
    found["policy"] = policy(page)
    found["console"] = complaints
    return found


def processor_time(session):
    """Milliseconds that the page's process has computed. A clock on the wall would measure what else the machine does."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "ProcessTime") * 1000


def open_large(browser, url):
    found = {"console": [], "requests": []}
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = watched(context, found)
    session = context.new_cdp_session(page)
    session.send("Performance.enable")

    def timed(name, action):
        before = processor_time(session)
        action()
        found[name] = round(processor_time(session) - before)

    def opened():
        page.goto(url)
        page.wait_for_selector("article", state="attached")
        page.evaluate("() => new Promise(requestAnimationFrame)")

    def scrolled():
        page.evaluate(
            """async () => {
                document.getElementById("changes").scrollIntoView();
                for (let step = 0; step < 100; step++) {
                    scrollBy(0, 400);
                    await new Promise(requestAnimationFrame);
                }
            }"""
        )

    def searched():
        page.fill("#search", "p49999@")
        page.wait_for_function("() => document.getElementById('shown').textContent.startsWith('1 of')")

    timed("opened", opened)
    timed("scrolled", scrolled)
    page.evaluate("() => scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_timeout(500)
    found["end"] = page.evaluate(
        """() => {
            const seen = [...document.querySelectorAll("article")].filter(item => {
                const box = item.getBoundingClientRect();
                return box.top < innerHeight && box.bottom > 0;
            });
            return { last: seen.at(-1)?.getAttribute("aria-posinset"), entries: document.querySelectorAll("article").length };
        }"""
    )
    timed("searched", searched)
    return found


def main():
    verb, file = sys.argv[1:3]
    folder = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
    url = pathlib.Path(file).resolve().as_uri()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        if verb == "open":
            print(json.dumps(open_large(browser, url)))
        else:
            print(json.dumps({"look": look, "index": index}[verb](browser, url, folder)))
        browser.close()


main()
