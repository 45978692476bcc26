"""A page of hostile texts in the places where the app puts text from outside; run by tests/test_browser_plain.py."""

import streamlit as st

from dashboard.frame.plain_markdown import link, plain

TEXTS = (
    "A. Reader, 12 % of 3 - 4",
    "see https://evil.example/x?y=1&z=2 and www.evil.example.",
    "(http://evil.example) HTTPS://EVIL.EXAMPLE",
    "write to a.b+c@evil.example, @ada",
    ":material/home: x:material/home:y :material_home:",
    ":streamlit: :smile: :100: :+1: at 10:30:45",
    ":red[alarm] :blue-background[b] :small[s] :help[h] :rainbow[r]",
    "::red[leaf] :::note",
    "# one",
    "###### six",
    "under\n===",
    "under\n---",
    "    four spaces\n\tand a tab",
    "1. first\n2) second\n- third\n+ fourth\n* fifth",
    "> quoted",
    "![picture](https://evil.example/p.png) [text](https://evil.example) [ref][1]\n[1]: https://evil.example",
    "<https://evil.example> <b>bold</b> <img src=x> <!-- c -->",
    "&lt;b&gt; &colon;material/home: &#58;smile&#58; &amp;",
    "*a* **b** _c_ __d__ ~~e~~ `f` ``g`` ```h```",
    "`https://evil.example` ``:smile:`` `:material/home:`",
    "$x^2$ $$y$$ \\(z\\) \\[w\\] \\ \\\\",
    "a -> b <- c <-> d -- e >= f <= g ~= h",
    "| a | b |\n|---|---|\n| c | d |",
    "[^1] note\n[^1]: foot",
    "=HYPERLINK(1)",
    "python -m models fit --base-case C:\\dir\\new",
    "naïve 中文 العربية 🙂",
)
ADDRESS = 'https://example.org/a_(b)?q=1&r=<x>"`)![p](https://evil.example/p.png)#frag%20'

for number, text in enumerate(TEXTS):
    with st.container(key=f"paragraph-{number}"):
        st.markdown(plain(text))
    with st.container(key=f"bold-{number}"):
        st.caption(f"**{plain(text)}**")
    with st.container(key=f"item-{number}"):
        st.error(f"- {plain(text)}")
    if "\n" not in text:
        with st.container(key=f"heading-{number}"):
            st.subheader(plain(text), anchor=False)
with st.container(key="link"):
    st.markdown(link(TEXTS[1], ADDRESS))
