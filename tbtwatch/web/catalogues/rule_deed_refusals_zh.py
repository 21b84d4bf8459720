"""Why a deed with rules is not done, in Chinese: drafts, versions, files, and persons' words on single measures.

By the English wording that our own code says it with, see `watcher.said`. Where the command line names a command, a
page names what is done on it.
"""

from __future__ import annotations

from typing import Final

#: Drafts and versions.
VERSIONS: Final[dict[str, str]] = {
    "draft": "草案",
    "evaluation": "评估中",
    "active": "现行",
    "retired": "已停用",
    "discarded": "已作废",
    "shipped": "随程序附带",
    "version {version}": "版本 {version}",
    "no version": "没有版本",
    "no rules are installed; run `tbtwatch rules install`": "尚未安装规则；请运行命令 tbtwatch rules install",
    "there is no version {version} of the rules": "没有规则版本 {version}",
    "there is no version {version} of the rules; `tbtwatch rules list` lists them": (
        "没有规则版本 {version}；请查看版本列表"
    ),
    "there is no rule {name!r} in version {version} of the rules": "规则版本 {version} 中没有规则“{name}”",
    "there is no {entry} in version {version} of the rules": "规则版本 {version} 中没有 {entry}",
    "there is no back-test report {number}; `tbtwatch rules reports` lists them": (
        "没有回溯测试报告 {number}；请查看报告列表"
    ),
    "the words with the fingerprint {fingerprint!r} are not in this database": (
        "数据库中没有指纹为“{fingerprint}”的词表"
    ),
    "there is no earlier version of the rules to go back to": "没有可以恢复的更早版本",
    "version {version} of the rules is {state}; only a draft can be published": (
        "规则版本 {version} 的状态为{state}；只有草案可以发布"
    ),
    "version {version} of the rules is {state}; only a draft can be discarded": (
        "规则版本 {version} 的状态为{state}；只有草案可以作废"
    ),
    "version {version} of the rules is {state}; only a draft can be evaluated": (
        "规则版本 {version} 的状态为{state}；只有草案可以评估"
    ),
    "version {version} of the rules is under evaluation already; `tbtwatch rules evaluation {version}` shows what it "
    "would have done": "规则版本 {version} 已在评估中；其结果见该版本的评估页面",
    "version {version} of the rules was never under evaluation; `tbtwatch rules evaluate {version}` begins it": (
        "规则版本 {version} 从未评估；请先开始评估"
    ),
    "version {draft} of the rules is {state}; only a draft, or a version under evaluation, can be back-tested": (
        "规则版本 {draft} 的状态为{state}；只有草案或评估中的版本可以做回溯测试"
    ),
    "version {draft} of the rules is {state}, and only drafts go on; `tbtwatch rules change new` makes one from the "
    "version in force": "规则版本 {draft} 的状态为{state}，只有草案可以继续修改；请从现行版本新建草案",
    "version {version} is in force by now, and you wrote this when version {seen} was: look at the rule in version "
    "{version} and make your change there": (
        "现行版本已是 {version}，而您修改的是版本 {seen}：请查看版本 {version} 中的规则并在其上修改"
    ),
    "version {version} is in force by now, not version {seen}: look at what it changes, then undo it if it is to be "
    "undone": "现行版本已是 {version}，而非 {seen}：请先查看其改动，再决定是否撤销",
    "nothing is other than in version {version}, so no draft was made": "与版本 {version} 没有差别，未生成草案",
    "draft {draft} is made from version {version}, which is in force; publish it as it is": (
        "草案 {draft} 出自现行版本 {version}；可直接发布"
    ),
    "draft {draft} was made from {made_from}, and version {active} is in force since: publishing it would undo what "
    "came between; run `tbtwatch rules rebase {draft} --by NAME`, which makes a draft of both": (
        "草案 {draft} 出自{made_from}，此后现行版本已是 {active}：发布会撤销其间的改动；请先将草案合并到现行版本"
    ),
    "draft {draft} was not back-tested against version {active}, which is in force; run `tbtwatch rules backtest "
    "{draft}`, look at its report, and publish with --report and its number": (
        "草案 {draft} 尚未与现行版本 {active} 做回溯测试；请先测试，查看报告后再发布"
    ),
    "say which back-test of draft {draft} you looked at: the newest is report {id}; look at it with `tbtwatch rules "
    "report {id}`, and publish with --report {id}": (
        "请写明您查看的是草案 {draft} 的哪份回溯测试报告：最新的是报告 {id}；请查看后再发布"
    ),
    "report {report} is of draft {draft} against version {against}, not of draft {asked} against version {active}; run "
    "`tbtwatch rules backtest {asked}`": (
        "报告 {report} 比较的是草案 {draft} 与版本 {against}，而非草案 {asked} 与版本 {active}；请重新做回溯测试"
    ),
    "draft {draft} would make {changed} of {measures} measures other, more than the limit of {most:.0%} "
    "(TBTWATCH_MOST_RECLASSIFIED); publish a smaller change, or give a reason with --beyond-limit": (
        "草案 {draft} 会改变 {measures} 项措施中的 {changed} 项，超过上限 {most:.0%}；请缩小改动，或写明超限的理由"
    ),
    "rule {name!r} matches {matched} of the {n} measures recorded last, so it tells nothing apart; narrow it, or write "
    "wide: true if that is meant": (
        "规则“{name}”匹配最近收录的 {n} 项措施中的 {matched} 项，起不到区分作用；请收窄，或确有此意时写 wide: true"
    ),
    "{left} measures are still being classified anew by the rules in force; wait for the service, or run `tbtwatch "
    "recover`, then decide": "还有 {left} 项措施正按现行规则重新归类；请稍候再作决定",
}

#: A file or a text of rules that is brought in.
FILES: Final[dict[str, str]] = {
    "{where}, line {line}": "{where}，第 {line} 行",
    ", line {line}": "，第 {line} 行",
    "the file has no rules; write rules: and a list under it": "文件中没有规则；请写 rules: 并在其下列出",
    "{where} is larger than {largest} MB, and no set of rules is; give the right text": (
        "{where}超过 {largest} MB，规则不会这样大；请提供正确的内容"
    ),
    "{path} is larger than {largest} MB, and no set of rules is; give the right file": (
        "{path} 超过 {largest} MB，规则不会这样大；请提供正确的文件"
    ),
    "{path} is not text in UTF-8; save it so": "{path} 不是 UTF-8 文本；请另存为 UTF-8",
    "{where} is empty; write rules: and a list under it": "{where}是空的；请写 rules: 并在其下列出",
    "{where} holds {content!r} and no rules; write rules: and a list under it": (
        "{where}的内容是“{content}”，没有规则；请写 rules: 并在其下列出"
    ),
    "{where} has an unknown part {unknown!r}; known are {several}": (
        "{where}中有未知部分“{unknown}”；已知的有 {several}"
    ),
    "{where} has the format {content!r}; this program reads format {format}": (
        "{where}的格式为“{content}”；本程序读取格式 {format}"
    ),
    "{where}{line} is not YAML: {problem}": "{where}{line}不是 YAML（{problem}）；请改正",
    "{where} is not YAML: {error}": "{where}不是 YAML（{error}）；请改正",
    "{at} is {most} lists deep, and no rule is; write it flat": "{at}嵌套了 {most} 层，过深；请减少层次",
    "{at} begins a second document; put its rules under the first one's": (
        "{at}开始了第二个文档；请并入第一个文档的规则"
    ),
    "{at} holds a character that cannot be kept; write the text without it": "{at}含有无法保存的字符；请删去",
    '{at}: {value} is not in quotes, and YAML reads it as {read}; write "{value}"': (
        '{at}：{value} 没有加引号，YAML 会读成 {read}；请写 "{value}"'
    ),
    "{where}, line {line}: {value!r} stands there twice; keep one of them": (
        "{where}，第 {line} 行：“{value}”出现两次；请保留一个"
    ),
    "{where} refers to its own places (*name) so often that it grows huge; write it out": (
        "{where}引用自身（*name）过多，会变得极大；请直接写出内容"
    ),
    "{where}: its words are damaged; export the set again": "{where}：词表已损坏；请重新导出",
    "{where}: its words are damaged, or larger than any; export the set again": "{where}：词表已损坏或过大；请重新导出",
}

#: What a person says of one measure.
OVERRIDES: Final[dict[str, str]] = {
    "nothing is said of the measure; write --add area:toys or --remove area:toys": (
        "没有写明改什么；请选择要添加或去除的内容"
    ),
    "an override needs --reason and --by; both are kept with it": "人工判定须写明理由，并与其一同保存",
    "ending an override needs --reason and --by; both are kept with it": "结束人工判定须写明理由，并与其一同保存",
    "{grade!r} is no grade; choose direct, probable or broad": (
        "“{grade}”不是匹配程度；请选择 direct、probable 或 broad"
    ),
    "{written!r} is not a facet and a value; write area:toys, scheme:ce or hs:9503; known facets: {several}": (
        "“{written}”不是“项:值”的形式；请写 area:toys、scheme:ce 或 hs:9503；可用的项：{several}"
    ),
    "there is no {facet} {value!r}{near}": "没有 {facet}“{value}”{near}",
    "there is no product area {value!r}{near}": "没有产品类别“{value}”{near}",
    "there is no urgency {value!r}; write {emergency} or {recall}": (
        "没有紧急程度“{value}”；请写 {emergency} 或 {recall}"
    ),
    "{value!r} is no day on which a transition ends; write it as 2026-03-01": (
        "“{value}”不是过渡期结束的日期；请按 2026-03-01 的形式填写"
    ),
    "{facet}:{value} is said twice; say once whether it is added or removed": (
        "{facet}:{value} 出现了两次；请只写一次，说明是添加还是去除"
    ),
    ", as {code},": "（写作 {code}）",
    "{facet} {value} is stated by the document itself{within} and cannot be removed; remove what the rules conclude "
    "from it, for example --remove area:toys": (
        "{facet} {value} 是文件本身写明的{within}，不能去除；请去除规则由此得出的结论，例如 area:toys"
    ),
    "there is no override {id}; `tbtwatch rules overrides` lists them": "没有人工判定 {id}；请查看列表",
    "there is no override {id}; `tbtwatch rules overrides` lists those in force": "没有人工判定 {id}；请查看有效的列表",
    "{by} has ended override {id}; `tbtwatch rules overrides` lists those in force": (
        "人工判定 {id} 已由 {by} 结束；请查看有效的列表"
    ),
    "no measure with the symbol {symbol} is known; {near}": "没有编号为 {symbol} 的措施；{near}",
    "`tbtwatch measures` lists them": "请在检索页面查找",
}
