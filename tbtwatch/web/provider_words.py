"""Words about signing in by an account elsewhere. Part of the catalogue in `tbtwatch.web.words`; French and Spanish
stand with the visitors' in `tbtwatch.web.catalogues`."""

from __future__ import annotations

from typing import Final

#: Name of a wording → in English, in Chinese.
PROVIDERS: Final[dict[str, tuple[str, str]]] = {
    "provider.or": ("Or, if you have an account there:", "如已有该机构账户："),
    "provider.sign_in": ("Sign in with {name}", "使用{name}账户登录"),
    "provider.going": ("On to {name}", "前往{name}"),
    "provider.going.text": ("You sign in there and come back by yourself.", "请在该处登录，之后将自动返回。"),
    "provider.going.on": ("Go on", "继续"),
    "provider.away": (
        "That account cannot be asked just now. Have a link sent by mail, or try again later.",
        "目前无法连接该账户服务。请使用邮件链接登录，或稍后再试。",
    ),
    "provider.late": (
        "It took longer than ten minutes, or was begun in another browser. Press the button again.",
        "操作已超过十分钟，或是在其他浏览器中开始的。请重新点击按钮。",
    ),
    "provider.many": (
        "From your network very many signed in there within minutes. Wait ten minutes, or have a link sent by mail.",
        "您所在网络短时间内请求过多。请十分钟后再试，或使用邮件链接登录。",
    ),
    "provider.stopped": (
        "You did not let that account be used. Press the button again, or have a link sent by mail.",
        "您未允许使用该账户。请重新点击按钮，或使用邮件链接登录。",
    ),
    "provider.refused": (
        "You could not be signed in by that account. Try again, or have a link sent by mail.",
        "无法使用该账户登录。请重试，或使用邮件链接登录。",
    ),
    "provider.unverified": (
        "That account names no mail address that was verified. Have it verified there, or have a link sent by mail.",
        "该账户没有经过验证的邮箱地址。请先在该处验证邮箱，或使用邮件链接登录。",
    ),
    "provider.domain": (
        "By that account only people of the organisation sign in here. Have a link sent by mail instead.",
        "此登录方式仅限该机构人员使用。请改用邮件链接登录。",
    ),
}
#: What may be said on the page to sign in on, when somebody came back without being signed in.
SAID: Final = frozenset({"away", "late", "many", "stopped", "refused", "unverified", "domain"})
