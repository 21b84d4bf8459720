"""Why rules are refused, in Chinese: by the English wording that our own code says it with. See `watcher.said`."""

from __future__ import annotations

from typing import Final

#: A rule as it is written: its parts, its words, its codes, its examples.
RULES: Final[dict[str, str]] = {
    "the rules": "规则",
    "the rules of {file}": "{file} 中的规则",
    "rule {name!r}": "规则“{name}”",
    "rule number {number} (it has no name)": "第 {number} 条规则（没有名称）",
    "a rule of kind {kind}": "{kind} 类规则",
    "a rule of kind {kind} has {several}": "{kind} 类规则有 {several}",
    "did you mean {near}?": "是否指 {near}？",
    "; did you mean {several}?": "；是否指{several}？",
    "known are {several}": "已知的有 {several}",
    "; known are {several}": "；已知的有 {several}",
    "; near are {several}": "；相近的有 {several}",
    "{whose}: {wrong}": "{whose}：{wrong}",
    "{whose} {problem}": "{whose}{problem}",
    "there is no rule; add at least one, or nothing is ever classified": "没有任何规则；请至少添加一条，否则无法归类",
    "{where} are not a list of rules but {rules!r}": "{where}不是规则列表，而是“{rules}”",
    "{where} have an unknown part {unknown!r}; write everything under rules": (
        "{where}中有未知部分“{unknown}”；请全部写在 rules 之下"
    ),
    "rule number {number} is not a mapping of name, kind, areas and so on: {content!r}": (
        "第 {number} 条规则没有写成 name、kind、areas 等各项：“{content}”"
    ),
    "rule {name!r} stands in the set twice; rename one of the two": "规则“{name}”出现了两次；请给其中一条改名",
    "{whose}: {kind!r} is not a kind of rule; {known}": "{whose}：“{kind}”不是规则类型；{known}",
    "{whose} has no kind; {known}": "{whose}没有写明类型；{known}",
    "{whose} has no {exact}; {of} needs one": "{whose}没有 {exact}；{of}必须有此项",
    "{whose}: {where} has words of the language {given}; write en, zh, fr or es": (
        "{whose}：{where} 中的语言 {given} 无法识别；请写 en、zh、fr 或 es"
    ),
    "{whose} has an unknown part {where!r}; {known}": "{whose}中有未知部分“{where}”；{known}",
    "{whose}: {where} is empty or too short; fill it in": "{whose}：{where} 为空或过短；请填写",
    "{whose}: {where} is empty or too short; write at least {least} characters": (
        "{whose}：{where} 为空或过短；请至少写 {least} 个字符"
    ),
    "{whose} cannot give {given!r}; it gives {several} under gives, or areas": (
        "{whose}不能给出“{given}”；可在 gives 下给出 {several}，或给出产品类别（areas）"
    ),
    "{whose}: {given!r} is not a grade; use direct, probable or broad": (
        "{whose}：“{given}”不是匹配程度；请用 direct、probable 或 broad"
    ),
    "{whose}: {exact} is {given}; write a list, as [one, another], with one entry too": (
        "{whose}：{exact} 现为 {given}；请写成列表，如 [one, another]，只有一项也要写成列表"
    ),
    "{whose}: {exact} is {given}; write its parts with a colon each, as {{en: [doll]}}": (
        "{whose}：{exact} 现为 {given}；请用冒号写明各部分，如 {{en: [doll]}}"
    ),
    "{whose}: {exact} is {given}; write one text, in quotes if it is a number, a day or yes/no": (
        "{whose}：{exact} 现为 {given}；请写一段文字，数字、日期或 yes/no 须加引号"
    ),
    "{whose}: {exact} is {given}; write true or false": "{whose}：{exact} 现为 {given}；请写 true 或 false",
    "{whose}: {exact} is {given}; write a whole number": "{whose}：{exact} 现为 {given}；请写整数",
    "{whose}: {exact} is {given}, which is wrong ({message})": "{whose}：{exact} 现为 {given}，不正确（{message}）",
    "{value!r} was not written as text: put it in quotes, as YAML changes bare numbers and yes/no": (
        "“{value}”没有写成文字：请加引号，因为 YAML 会改动不加引号的数字和 yes/no"
    ),
    "{whose}: a name has lower case letters, digits and hyphens only, as toys-by-code": (
        "{whose}：名称只能用小写字母、数字和连字符，如 toys-by-code"
    ),
    "{whose} is marked part: true and gives something; take out part, or what it gives": (
        "{whose}标为 part: true，却又给出结果；请删去 part，或删去所给出的结果"
    ),
    "{whose} gives nothing; name the product areas under areas, or a kind, scheme or duty under gives (or write part: "
    "true, if combinations name it)": (
        "{whose}没有给出任何结果；请在 areas 下写明产品类别，或在 gives 下写明类型、认证制度或义务"
        "（若只供组合规则引用，请写 part: true）"
    ),
    "{whose} gives the unknown area {area!r}{near}": "{whose}给出了未知的产品类别“{area}”{near}",
    "{whose} gives {facet}, which no rule can; rules give areas and {known}": (
        "{whose}给出 {facet}，规则不能给出此项；规则可给出产品类别和 {known}"
    ),
    "{whose} gives the unknown {facet} {key!r}{near}": "{whose}给出了未知的 {facet}“{key}”{near}",
    # --- what a rule looks for
    "has no words to look for: add some under any or all": "没有要查找的词：请在 any 或 all 下添加",
    "has no words under near, {part}: add some": "在 near 的 {part} 下没有词：请添加",
    "cannot use a word under {part}: {error}; take it out": "{part} 下的词不能用：{error}；请删去",
    "cannot use {phrase!r} under {part}: {reason}": "{part} 下的“{phrase}”不能用：{reason}",
    "cannot use an agency: {error}; take it out": "机构名称不能用：{error}；请删去",
    "cannot use the agency {phrase!r}: {reason}": "机构“{phrase}”不能用：{reason}",
    "{phrase!r} has no letter and no digit to look for": "“{phrase}”不含可检索的文字或数字",
    "one letter or digit occurs everywhere; write a whole word": "单个字母或数字处处出现；请写完整的词",
    "it stands in nearly every notification, so the rule would match everything; write a phrase of the trade": (
        "几乎每份通报都有此词，规则会匹配一切；请写行业用语"
    ),
    "names no rule that must match, so it would match everything; add some under all or any": (
        "没有写明必须匹配的规则，会匹配一切；请在 all 或 any 下添加"
    ),
    "wants the rule {name!r} and rules it out with not_any; take it out of one of them": (
        "既要求规则“{name}”，又用 not_any 排除它；请删去其中之一"
    ),
    "has an example that cannot be read: {error}": "有无法读取的示例：{error}",
    "rule {name!r} names the rule {missing!r}, which is not in the set; {helps}": (
        "规则“{name}”引用了不存在的规则“{missing}”；{helps}"
    ),
    "rule {name!r} names the rule {missing!r}, which is not in the set": "规则“{name}”引用了不存在的规则“{missing}”",
    "add that rule, or take the name out": "请添加该规则，或删去该名称",
    "rule {name!r} rests on itself ({rests}); take one of these names out of its combination": (
        "规则“{name}”以自身为条件（{rests}）；请从组合中删去其中一个名称"
    ),
    "rule {name!r} rests on itself; take it out of its combination": "规则“{name}”以自身为条件；请从组合中删去",
    "names more than {most} whole chapters, so it would match everything; split it by product": (
        "列出了超过 {most} 个整章，会匹配一切；请按产品拆分"
    ),
    "names more than {most} whole fields, so it would match everything; split it by product": (
        "列出了超过 {most} 个一级类，会匹配一切；请按产品拆分"
    ),
    'leaves out "{prefix}", which none of its prefixes takes in; take it out of but_not': (
        "排除了“{prefix}”，但其编码本来就不包括它；请从 but_not 中删去"
    ),
    '"{text}" is not an HS code (2, 4 or 6 to 10 digits)': "“{text}”不是 HS 编码（2、4 或 6 至 10 位数字）",
    '"{text}" is not an ICS code (as "97", "97.200" or "97.200.50")': (
        "“{text}”不是 ICS 编码（如 97、97.200 或 97.200.50）"
    ),
    '"{text}" is not the number of a standard (as "IEC 60335-1", "GB 4706.1-2005" or "EN 71")': (
        "“{text}”不是标准编号（如 IEC 60335-1、GB 4706.1-2005 或 EN 71）"
    ),
    'rule {name!r}: "{code}" is in no edition of the {what} classification{helps}': (
        "规则“{name}”：“{code}”不在任何一版 {what} 分类中{helps}"
    ),
    "; look it up, and mend or take out the code": "；请查对后改正或删去该编码",
    "rule {name!r}: {code!r} is no Member's code{helps}": "规则“{name}”：“{code}”不是成员代码{helps}",
    "; write it as in symbols: USA, EU, TPKM": "；请按通报编号中的写法：USA、EU、TPKM",
    "rule {name!r}: {code!r} is no objective; {helps}": "规则“{name}”：“{code}”不是目标；{helps}",
    # --- patterns
    "cannot use the pattern {pattern!r}: it {error}": "表达式“{pattern}”不能用：{error}",
    "is {n} characters long; split it into patterns of at most {longest}": (
        "有 {n} 个字符；请拆成每个不超过 {longest} 个字符的表达式"
    ),
    "is too large ({steps} steps, at most {most}); ask for fewer repetitions": (
        "过大（{steps} 步，最多 {most} 步）；请减少重复次数"
    ),
    "is refused by RE2 ({told}); {mend}": "RE2 不接受（{told}）；{mend}",
    "mend it": "请改正",
    "it knows no look-ahead, look-behind and no \\1; write two patterns, or a combination of two rules": (
        "不支持前瞻、后顾和 \\1；请写成两个表达式，或两条规则的组合"
    ),
    "ask for fewer repetitions": "请减少重复次数",
    "close each bracket, or write \\( for a bracket in the text": "请把括号写成对；文中的括号请写作 \\(",
    "holds half a character; write the character whole": "含有不完整的字符；请写完整的字符",
    "matches where nothing stands, so it would match everything; write at least one letter": (
        "能匹配空白，因而会匹配一切；请至少写一个字"
    ),
    "matches any text, so it would match everything; write the words you look for": (
        "能匹配任何文字，因而会匹配一切；请写明要查找的词"
    ),
    # --- examples
    "rule {name!r}, its example {text!r}: {sentence}": "规则“{name}”的示例“{text}”：{sentence}",
    "{name!r} is no market known here: write a WTO Member by code or name, such as KEN or Kenya": (
        "“{name}”不是此处已知的市场：请填写世贸组织成员的代码或名称，如 KEN 或 Kenya"
    ),
    "{stated}= is not known; known are {several}": "未知的 {stated}=；已知的有 {several}",
    "does not match its own example {text!r}; mend the rule or the example": (
        "与自己的示例“{text}”不匹配；请改正规则或示例"
    ),
    "matches {text!r}, which it must not (because of {words}); mend the rule or the example": (
        "匹配了不应匹配的“{text}”（因为 {words}）；请改正规则或示例"
    ),
}

#: Product areas and the values that rules give, as a whole set brings them.
AREAS: Final[dict[str, str]] = {
    "product area {key!r}": "产品类别“{key}”",
    "sector {key!r}": "行业“{key}”",
    "; no area is known": "；没有已知的产品类别",
    "{text!r} is not a product area{near}": "“{text}”不是产品类别{near}",
    "there is no product area; add at least one": "没有任何产品类别；请至少添加一个",
    "{both!r} is a sector and a product area; give one of them another key": (
        "“{both}”既是行业又是产品类别；请给其中之一改用别的键"
    ),
    "the product areas are not a mapping of keys to names and codes": "产品类别没有写成键及其名称和编码",
    "the product areas have an unknown part {key!r}; known are sectors and areas": (
        "产品类别中有未知部分“{key}”；已知的有 sectors 和 areas"
    ),
    "the sectors are not a mapping of keys to names": "行业没有写成键及其名称",
    "{whose} has no names; write names: {{en: ..., zh: ..., fr: ..., es: ...}}": (
        "{whose}没有名称；请写 names: {{en: ..., zh: ..., fr: ..., es: ...}}"
    ),
    "{whose} has no English name; add one under en": "{whose}没有英文名称；请在 en 下添加",
    "{whose} has no English name; write {{en: ..., zh: ..., fr: ..., es: ...}}": (
        "{whose}没有英文名称；请写 {{en: ..., zh: ..., fr: ..., es: ...}}"
    ),
    "{whose}: the name in {language!r} is not text; write it in quotes": (
        "{whose}：语言“{language}”的名称不是文字；请加引号"
    ),
    "{whose} is not a key; use lower case letters, digits and hyphens, as household-appliances": (
        "{whose}不能作键；请用小写字母、数字和连字符，如 household-appliances"
    ),
    "{whose} is not a key; use lower case letters, digits and hyphens, as factory-inspection": (
        "{whose}不能作键；请用小写字母、数字和连字符，如 factory-inspection"
    ),
    "{whose} is not a mapping with names, hs and ics": "{whose}没有写成 names、hs 和 ics 各项",
    "{whose} has an unknown part {unknown!r}; known are names, sector, hs, ics": (
        "{whose}中有未知部分“{unknown}”；已知的有 names、sector、hs、ics"
    ),
    "{whose} has an unknown part {unknown!r}; known are names and markets": (
        "{whose}中有未知部分“{unknown}”；已知的有 names 和 markets"
    ),
    "{whose} is in the unknown sector {sector!r}; known are {several}": (
        "{whose}所属行业“{sector}”未知；已知的有 {several}"
    ),
    "{whose}: markets is not a list of codes in quotes": "{whose}：markets 不是加引号的代码列表",
    '{whose}: "{code}" is not {what}{quotes}': "{whose}：“{code}”不是{what}{quotes}",
    "an HS code (2, 4 or 6 to 10 digits)": "HS 编码（2、4 或 6 至 10 位数字）",
    'an ICS code (as "97", "97.200" or "97.200.50")': "ICS 编码（如 97、97.200 或 97.200.50）",
    "; write it in quotes, YAML changes bare numbers": "；请加引号，YAML 会改动不加引号的数字",
    "; none is known, add it to facets.yaml": "；没有已知的值，请加入 facets.yaml",
    "the facets are not a mapping of kind, objective, scheme and duty to their values": (
        "各项取值没有写成 kind、objective、scheme 和 duty 及其值"
    ),
    "the facets have an unknown part {name!r}; known are {several}": "取值中有未知部分“{name}”；已知的有 {several}",
    "the facet {name!r} is not a mapping of keys to names": "“{name}”没有写成键及其名称",
}
