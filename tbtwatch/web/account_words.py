"""Words of the pages to sign in on and of one's own account. Part of the catalogue in `tbtwatch.web.words`."""

from __future__ import annotations

from typing import Final

#: Name of a wording → in English, in Chinese.
ACCOUNTS: Final[dict[str, tuple[str, str]]] = {
    "nav.mine": ("My subscriptions", "我的订阅"),
    "sign_out": ("Sign out", "退出登录"),
    "sign_in.title": ("Sign in", "登录"),
    "sign_in.lead": (
        "Give your e-mail address. We send a link; there is no password to remember. If it is your first time, this "
        "makes your account.",
        "请填写您的电子邮箱，我们会发送登录链接，无需密码。首次登录即自动建立账户。",
    ),
    "sign_in.email": ("E-mail address", "电子邮箱"),
    "sign_in.send": ("Send me the link", "发送登录链接"),
    "sign_in.wrong": (
        "This is not a mail address that can be written to. Look for a missing @ or dot.",
        "这不是可用的邮箱地址，请检查是否缺少 @ 或点号。",
    ),
    "sign_in.unkept": (
        "You came by an address without TLS (http), so your browser will not keep you signed in. Use the https address "
        "of this service; whoever runs it finds how in docs/web.md.",
        "您通过未加密的地址（http）访问，浏览器不会保持登录。请使用本服务的 https 地址；管理员可参阅 docs/web.md。",
    ),
    "sign_in.sent.title": ("Look into your mail", "请查收邮件"),
    "sign_in.sent": (
        "If this address can be written to, a mail with a link is on its way. The link works once, for {n} minutes.",
        "如该地址可以接收邮件，登录链接已在发送途中。链接仅可使用一次，{n} 分钟内有效。",
    ),
    "sign_in.sent.not_there": (
        "Nothing there after five minutes? Look among the spam, check the address, and ask again. At most {most} mails "
        "an hour are sent to one address.",
        "五分钟后仍未收到？请查看垃圾邮件、核对地址后重试。每个地址每小时最多发送 {most} 封。",
    ),
    "sign_in.again": ("Ask for another link", "重新获取链接"),
    "sign_in.many.title": ("Too many links were asked for", "请求过于频繁"),
    "sign_in.many": (
        "From your network more links were asked for than we send in an hour. Please try again in an hour.",
        "您所在网络一小时内的请求次数已达上限，请一小时后再试。",
    ),
    "sign_in.off.title": ("Signing in is not set up", "尚未开通登录"),
    "sign_in.off": (
        "This service does not know its own address, so it can send no link. Whoever runs it has to set "
        "TBTWATCH_PUBLIC_URL.",
        "本服务尚未设置对外地址，无法发送登录链接。请管理员设置 TBTWATCH_PUBLIC_URL。",
    ),
    "sign_in.as": ("Sign in as {email}?", "以 {email} 登录？"),
    "sign_in.press": (
        "Press the button to sign in in this browser. If you did not ask for this, close the page.",
        "点击按钮即可在此浏览器登录。如非本人请求，请关闭此页。",
    ),
    "sign_in.button": ("Sign in", "登录"),
    "sign_in.over.title": ("This link is over", "链接已失效"),
    "sign_in.over": (
        "It works once and for a short while: it was used, it is too old, or it was cut off when copied.",
        "链接仅可短时使用一次：可能已使用、已过期，或复制不完整。",
    ),
    "account.as": ("Signed in as {name}", "已登录：{name}"),
    "account.title": ("Account", "账户"),
    "account.email": ("E-mail address", "电子邮箱"),
    "account.roles": ("May also", "权限"),
    "account.since": ("Since", "建立时间"),
    "account.browsers": ("Browsers you are signed in with", "已登录的浏览器"),
    "account.browser": ("Browser", "浏览器"),
    "account.this": ("this one", "当前浏览器"),
    "account.other": ("another one", "其他浏览器"),
    "account.signed_in": ("Signed in", "登录时间"),
    "account.seen": ("Last used", "最近使用"),
    "account.until": ("Signed out at the latest", "最迟退出时间"),
    "account.everywhere": ("Sign out everywhere", "在所有浏览器退出登录"),
    "account.everywhere.text": (
        "Ends all of these at once, this browser too, and every link that was mailed.",
        "立即退出以上全部浏览器（包括当前），并使已发送的登录链接失效。",
    ),
    "account.erase": ("Erase my account", "删除我的账户"),
    "account.erase.text": (
        "You are signed out everywhere and your account is deleted. Subscriptions go on: end them first, or erase all "
        "that is stored of your enterprise under",
        "将在所有浏览器退出并删除账户。订阅仍会继续：请先结束订阅，或在此删除企业的全部数据：",
    ),
    "account.erase.sure": ("Yes, erase it", "确认删除"),
    "role.editor": ("write rules", "编写规则"),
    "role.publisher": ("publish rules", "发布规则"),
    "role.source_keeper": ("keep the sources", "维护来源"),
    "role.support": ("help subscribers", "用户支持"),
    "role.admin": ("administer", "管理"),
    "form.title": ("This form was not taken", "表单未被接受"),
    "form.origin": (
        "Your browser does not say that the form stood on a page of ours. Open the page anew in this address and send "
        "it from there; nothing was changed.",
        "浏览器未表明该表单来自本站页面。请重新打开页面后再提交；未作任何更改。",
    ),
    "form.token": (
        "The form is too old, or you have signed in anew. Open the page again and repeat it; nothing was changed.",
        "表单已过期，或您已重新登录。请重新打开页面后再提交；未作任何更改。",
    ),
    "form.large": ("It is larger than we take. Nothing was changed.", "提交内容过大；未作任何更改。"),
    "form.broken": (
        "It could not be read. Open the page again and repeat it; nothing was changed.",
        "表单无法读取。请重新打开页面后再提交；未作任何更改。",
    ),
}
