"""Keeps a reader's place in a live view: what is unfolded stays so, and what is opened comes into sight."""

from oidc_lab.views import html

# What is opened comes a moment later; it is scrolled to only where it would be out of sight.
_REVEAL = (
    "const o=event.target.closest('[data-opens]'),f=this.closest('.ol-frame');if(o){let left=40;"
    "const place=JSON.stringify(o.dataset.do+' '+o.dataset.opens),t=setInterval(()=>{"
    "const e=f.querySelector('[data-opened='+place+']');if(!e&&left--)return;"
    "clearInterval(t);const y=e?e.getBoundingClientRect().top:0;"
    "if(e&&(y<0||y>innerHeight*0.6))e.scrollIntoView()},100)}"
)
_FOLDED = (
    "const now=this.open?'1':'';if(now!==this.dataset.now){this.dataset.now=now;"
    "this.dispatchEvent(new Event('change',{bubbles:true}))}"
)


def revealing(body: str) -> str:
    """A part whose controls say in `data-opens` where something opens, which is scrolled to."""
    return f'<div onclick="{html.text(_REVEAL)}">{body}</div>'


def opened(what: str, where: str, body: str) -> str:
    """What a control with `what` as `data-do` and `where` as `data-opens` scrolls to."""
    return f'<div data-opened="{html.text(what)} {html.text(where)}">{body}</div>'


def told_fold(do: str, name: str, summary: str, body: str, *, unfolded: bool, live: bool) -> str:
    """A fold that says in `now` whether it is open, so that it can be drawn so again; without `live`, a plain one."""
    told = ""
    if live:
        state = ' data-now="1" open' if unfolded else ' data-now=""'
        told = f' data-do="{html.text(do)}" data-on="change" data-section="{html.text(name)}"{state}'
        told += f' ontoggle="{html.text(_FOLDED)}"'
    key = f' data-key="{html.text(name)}"' if live else ""
    return f'<details{told} style="margin:6px 0"><summary{key}>{summary}</summary>{body}</details>'
