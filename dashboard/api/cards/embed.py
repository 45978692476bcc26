"""A card as a page for somebody's frame, the picture of a shared link, and what oEmbed says of both. No script."""

from html import escape
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode, urlsplit

from dashboard.api.asking import one_of, only, require, whole
from dashboard.api.calls import HTML, PNG, Call, Reply
from dashboard.api.cards.drawing import AUTO, SHARED, SIZES, THEMES, Size, card_svg
from dashboard.api.cards.words import CardWords, entry_words, link_words, setting_words
from dashboard.api.problems import Refused
from dashboard.cache.replies import kept
from dashboard.report.drawing import annotated

THEME, SIZE, USUAL_SIZE = "theme", "size", "medium"
LOOKS = (THEME, SIZE)
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *; base-uri 'none'; form-action 'none'; sandbox "
    "allow-popups allow-popups-to-escape-sandbox"
)
"""Anybody may frame a card, which can do nothing: no script, no form, nothing loaded."""
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<style>body{{margin:0}}svg{{display:block;width:100%;height:auto}}</style>
</head><body><a href="{link}" target="_blank" rel="noopener">{svg}</a></body></html>
"""
RECORD, ENTRY = "record", "entry"
MOST_PIXELS = 10_000


def forecast(call: Call) -> Reply:
    """The card of a setting."""
    return _page(setting_words(call, LOOKS), call)


def entry(call: Call) -> Reply:
    """The card of a saved forecast."""
    return _page(entry_words(call, LOOKS), call)


def picture(call: Call) -> Reply:
    """The picture of a link, as social sites show it."""
    words = link_words(call)

    def make() -> Reply:
        import vl_convert

        drawn = vl_convert.svg_to_png(card_svg(words, SHARED))
        return Reply(body=annotated(drawn, words.description), media=PNG)

    return kept("picture", (words.title, words.description), make)


def oembed(call: Call) -> Reply:
    """What a page that was given a link here may embed (oEmbed 1.0)."""
    said = only(call, ("url", "format", "maxwidth", "maxheight"))
    if said.get("format", "json") != "json":
        raise Refused(HTTPStatus.NOT_IMPLEMENTED, "got another format than json, expected json, the one there is")
    path, query = _own(said.get("url", ""), call.base)
    inner = Call(query=query, base=call.base)
    if path.strip("/") == RECORD and ENTRY in query:
        inner = Call(query={}, path={ENTRY: query[ENTRY][-1]}, base=call.base)
        words, where = entry_words(inner, ()), f"{call.base}/embed/record/{query[ENTRY][-1]}?"
    else:
        words, where = setting_words(inner, ()), f"{call.base}/embed/forecast?{_query(query)}"
    name, size = _fitting(
        *(whole(key, said.get(key, str(MOST_PIXELS)), 1, MOST_PIXELS) for key in ("maxwidth", "maxheight"))
    )
    address = f"{where}{'' if where.endswith('?') else '&'}{urlencode({SIZE: name})}"
    frame = (
        f'<iframe src="{escape(address)}" width="{size.width}" height="{size.height}" title="{escape(words.title)}" '
        'style="border:0" loading="lazy" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )
    return Reply.of(
        {
            "version": "1.0",
            "type": "rich",
            "title": words.title,
            "provider_name": "Conjunction",
            "provider_url": f"{call.base}/",
            "html": frame,
            "width": size.width,
            "height": size.height,
        }
    )


def _page(words: CardWords, call: Call) -> Reply:
    theme = one_of(THEME, call.query.get(THEME, (AUTO,))[-1], THEMES)
    size = SIZES[one_of(SIZE, call.query.get(SIZE, (USUAL_SIZE,))[-1], tuple(SIZES))]
    drawn = card_svg(words, size, theme)
    text = PAGE.format(title=escape(words.title), link=escape(words.link), svg=drawn)
    return Reply(body=text.encode(), media=HTML, headers={"Content-Security-Policy": POLICY})


def _own(url: str, base: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Path below the page's address, and query, of a link to this server."""
    parts, own = urlsplit(url), urlsplit(base)
    if parts.netloc != own.netloc or not parts.path.startswith(own.path):
        raise Refused(HTTPStatus.NOT_FOUND, f"got the link “{url[:80]}”, expected one that begins with {base}")
    query: dict[str, tuple[str, ...]] = {}
    for key, text in parse_qsl(parts.query, keep_blank_values=True):
        query[key] = (*query.get(key, ()), text)
    return parts.path.removeprefix(own.path), query


def _query(query: dict[str, tuple[str, ...]]) -> str:
    return urlencode([(key, text) for key, texts in query.items() for text in texts])


def _fitting(width: int, height: int) -> tuple[str, Size]:
    """The largest card within bounds."""
    fits = [(name, size) for name, size in SIZES.items() if size.width <= width and size.height <= height]
    if not fits:
        least = next(iter(SIZES.values()))
        require((f"got room for {width} by {height} pixels, expected {least.width} by {least.height} at least.",))
    return fits[-1]
