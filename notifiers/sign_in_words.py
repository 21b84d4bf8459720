"""What the mail with the link to sign in says. Part of the catalogue in `notifiers.wording`."""

from __future__ import annotations

#: Name of a wording → in English, in Chinese.
SIGN_IN: dict[str, tuple[str, ...]] = {
    "sign_in.subject": ("Sign in to tbtwatch", "登录 tbtwatch"),
    "sign_in.heading": (
        "Somebody, most likely you, wants to sign in as {address}.",
        "有人（很可能是您本人）请求以 {address} 登录。",
    ),
    "sign_in.do": ("To sign in", "登录方法"),
    "sign_in.do.link": ("open the link below and press the button", "请打开下方链接并点击按钮"),
    "sign_in.until": ("Until", "有效期至"),
    "sign_in.once": ("{moment}; it works once", "{moment}，仅可使用一次"),
    "sign_in.no": (
        "If it was not you, do nothing: nobody is signed in without this link. Pass it on to nobody.",
        "如非本人操作，无需理会：没有此链接任何人都无法登录。请勿转发。",
    ),
    "sign_in.link": ("Sign in", "登录"),
}
