"""Words about passkeys and about what is kept of an account. Part of the catalogue in `tbtwatch.web.words`; French and
Spanish stand with the visitors' in `tbtwatch.web.catalogues`."""

from __future__ import annotations

from typing import Final

#: Name of a wording → in English, in Chinese.
PASSKEYS: Final[dict[str, tuple[str, str]]] = {
    "passkey.title": ("Passkeys", "通行密钥"),
    "passkey.lead": (
        "With a passkey you sign in by your device's fingerprint, face or PIN, without waiting for a mail. The link by "
        "mail goes on working.",
        "使用通行密钥，可凭设备的指纹、面容或 PIN 码直接登录，无需等待邮件；邮件链接仍可使用。",
    ),
    "passkey.or": ("Or, if you have added a passkey to your account:", "如已在账户中添加通行密钥："),
    "passkey.sign_in": ("Sign in with a passkey", "使用通行密钥登录"),
    "passkey.name": ("Name, so that you know it again", "名称（便于辨认）"),
    "passkey.column": ("Passkey", "通行密钥"),
    "passkey.unnamed": ("without a name", "未命名"),
    "passkey.made": ("Added", "添加时间"),
    "passkey.used": ("Last used", "最近使用"),
    "passkey.never": ("never", "从未使用"),
    "passkey.add": ("Add a passkey", "添加通行密钥"),
    "passkey.remove": ("Remove", "移除"),
    "passkey.remove.text": (
        "A passkey that is removed signs nobody in; delete it on your device too.",
        "移除后该通行密钥不能再用于登录；请同时在设备上将其删除。",
    ),
    "passkey.no_script": (
        "To add one, these pages must be allowed to run script, in a browser that knows passkeys.",
        "如需添加，请使用支持通行密钥的浏览器，并允许本站运行脚本。",
    ),
    "passkey.no_place": (
        "Passkeys cannot be used here: browsers keep them only for an https address with a name, which whoever runs "
        "this service sets as TBTWATCH_PUBLIC_URL.",
        "此处无法使用通行密钥：浏览器仅为带域名的 https 地址保存密钥，请管理员在 TBTWATCH_PUBLIC_URL 中设置该地址。",
    ),
    "passkey.old": (
        "You signed in more than an hour ago. To add a passkey, sign in again first.",
        "您登录已超过一小时。如需添加通行密钥，请先重新登录。",
    ),
    "passkey.again": ("Sign in again", "重新登录"),
    "passkey.enough": (
        "You have as many passkeys as one account may have. Remove one to add another.",
        "通行密钥数量已达上限。请先移除一个，再添加新的。",
    ),
    "passkey.many": (
        "From your network very many were asked for within minutes. Wait five minutes, or have a link sent by mail.",
        "您所在网络短时间内请求过多。请五分钟后再试，或使用邮件链接登录。",
    ),
    "passkey.late": (
        "It took too long, or was sent twice; nothing was added. Press the button again.",
        "操作超时或重复提交，未添加任何内容。请重新点击按钮。",
    ),
    "passkey.refused": (
        "This passkey was not accepted. Try again, or have a link sent by mail.",
        "该通行密钥未被接受。请重试，或使用邮件链接登录。",
    ),
    "passkey.not_added": (
        "This passkey was not accepted; nothing was added. Try again, or with another device.",
        "该通行密钥未被接受，未添加任何内容。请重试或更换设备。",
    ),
    "passkey.stopped": (
        "Your device answered nothing: it was cancelled, took too long, or has no passkey for these pages. A link by "
        "mail works too.",
        "设备未作应答：操作已取消或超时，或设备上没有本站的通行密钥。也可使用邮件链接登录。",
    ),
    "passkey.cancelled": (
        "Your device answered nothing: it was cancelled, or took too long. Nothing was added.",
        "设备未作应答：操作已取消或超时，未添加任何内容。",
    ),
    "passkey.known": ("This device has a passkey for your account already.", "此设备已有您账户的通行密钥。"),
    "passkey.failed": (
        "That did not work. Load the page again and repeat it.",
        "操作未成功。请重新载入页面后再试。",
    ),
    "own_data.title": ("What is kept of your account", "账户数据"),
    "own_data.text": (
        "Your address, browsers, passkeys and what you did here, as a file (JSON).",
        "邮箱、浏览器、通行密钥及操作记录，以文件（JSON）形式提供。",
    ),
    "own_data.button": ("Take it along", "下载"),
}
