"""Why a subscription or a product list is refused, in Chinese: by the English wording that our own code says it with.

See `watcher.said`. What somebody typed stands in Chinese quotation marks.
"""

from __future__ import annotations

from typing import Final

#: Codes, markets and standards as somebody typed them.
CODES: Final[dict[str, str]] = {
    "{one} or {other}": "{one}或{other}",
    "none": "无",
    "{shown!r} looks like an ICS code, not an HS code: give it as one": (
        "“{shown}”像是 ICS 编码而非 HS 编码，请作为 ICS 编码填写"
    ),
    "{shown!r} is not an HS code: write 2 to 10 digits, such as 22, 2202 or 220299": (
        "“{shown}”不是 HS 编码：请填写 2 至 10 位数字，如 22、2202 或 220299"
    ),
    "{n} digit": "{n} 位数字",
    "{n} digits": "{n} 位数字",
    "{shown!r} has {count}: an HS code has 2, 4 or 6, and up to 10 in a national tariff": (
        "“{shown}”有{count}：HS 编码为 2、4 或 6 位，各国税则最多 10 位"
    ),
    "{shown!r} is written where there is no code, and no product has it: leave it out, and name the product by its "
    "code, such as 2202, by a product area or by a word": (
        "“{shown}”是没有编码时的代用写法，不对应任何产品：请删去，改用产品编码（如 2202）、产品类别或关键词"
    ),
    "{shown!r} is in chapter {chapter}, which each country fills as it likes: name the product itself, or a country's "
    "own code in full, such as {chapter}01": (
        "“{shown}”属于第 {chapter} 章，该章由各国自定：请写明产品本身，或写全某国的编码，如 {chapter}01"
    ),
    "{shown!r} is in chapter {chapter}, which the Harmonized System does not have: it has 01 to 97, without 77, and 98 "
    "and 99 for each country's own": (
        "“{shown}”属于第 {chapter} 章，协调制度没有该章：共有第 01 至 97 章（无 77），98 和 99 由各国自定"
    ),
    "{shown!r} is no heading: chapter {chapter} ends with {chapter}.{last:02d}": (
        "“{shown}”不是品目：第 {chapter} 章到 {chapter}.{last:02d} 为止"
    ),
    "{shown!r} is no heading: chapter {chapter} begins with {chapter}.01": (
        "“{shown}”不是品目：第 {chapter} 章从 {chapter}.01 开始"
    ),
    "{shown!r} is not an ICS code: write a field 67, a group 67.080 or a sub-group 67.080.10": (
        "“{shown}”不是 ICS 编码：请填写一级类 67、二级类 67.080 或三级类 67.080.10"
    ),
    "{shown!r} is in field {field}, which ICS does not have: its fields run from 01 to 97, with gaps": (
        "“{shown}”的一级类 {field} 不存在：ICS 一级类为 01 至 97，中间有空缺"
    ),
    "{shown!r} is not an ICS code: a group has three digits that end in 0 or 5, a sub-group two more": (
        "“{shown}”不是 ICS 编码：二级类为三位数字，以 0 或 5 结尾，三级类再加两位"
    ),
    "{text!r} is no market known here": "“{text}”不是此处已知的市场",
    "{shown}: did you mean {several}?": "{shown}：是否指{several}？",
    "{shown}: give a WTO Member by code or name, such as KEN or Kenya, or a group: {groups}": (
        "{shown}：请填写世贸组织成员的代码或名称，如 KEN 或 Kenya，或国家集团：{groups}"
    ),
    "the Members of {name!r} are not listed here: list them in the settings under [groups.{code}]": (
        "此处未列出“{name}”的成员：请在设置的 [groups.{code}] 下列出"
    ),
    "{text!r} is no number of a standard; write who publishes it and its number, as IEC 60335-1 or GB 4706.1-2005": (
        "“{text}”不是标准编号：请写明发布机构和编号，如 IEC 60335-1 或 GB 4706.1-2005"
    ),
}

#: What is asked of a subscription.
QUESTIONS: Final[dict[str, str]] = {
    "{one}; {whole}": "{one}；{whole}",
    "kind of measure": "措施类型",
    "stage": "阶段",
    "objective": "目标",
    "scheme or mark": "认证制度或标志",
    "duty": "义务",
    "did you mean {several}?": "是否指{several}？",
    "choose among {several}": "请从中选择：{several}",
    "{asked!r} is not a known {called}; {hint}": "“{asked}”不是已知的{called}；{hint}",
    "{asked!r} is not a {called}: the rules in force name none": "“{asked}”不是{called}：现行规则中没有此项",
    "`tbtwatch sources` lists them": "命令 tbtwatch sources 列出全部信息源",
    "{asked!r} is not a source; {hint}": "“{asked}”不是信息源；{hint}",
    "agency {asked!r} has no letter and no digit to look for": "机构“{asked}”不含可检索的文字或数字",
    "agency {tidy!r} is a single letter, which stands in nearly every name; give a part of its name, such as 'Bureau "
    "of Indian Standards' or 'SASO'": (
        "机构“{tidy}”只有一个字母，几乎出现在所有名称中；请填写机构名称的一部分，如 Bureau of Indian Standards 或 SASO"
    ),
    "agency {tidy!r}… has {n} characters; give a part of its name of at most {most}": (
        "机构“{tidy}…”有 {n} 个字符；请填写名称的一部分，不超过 {most} 个字符"
    ),
    "no kind of change is wanted, so nothing would ever be told; choose at least one": (
        "没有选择任何变化类型，将不会收到消息；请至少选择一种"
    ),
    "nothing is asked for, so every measure of the world would match": "没有任何条件，全球所有措施都会匹配",
    "only exclusions are given, so every measure of the world would match": "只有排除条件，全球所有措施都会匹配",
    "only a stage is asked for, so nearly every measure of the world would match": (
        "只限定了阶段，全球几乎所有措施都会匹配"
    ),
    "{asked}; give a market, an HS or ICS code, a product area, a keyword, a scheme, a standard, an agency, or a "
    "measure to follow": (
        "{asked}；请填写市场、HS 或 ICS 编码、产品类别、关键词、认证制度、标准、机构，或要跟踪的措施"
    ),
    "here that is {measures:,} measures and {news:,} documents of the last 12 months, about {weekly:,.0f} a week": (
        "此处过去 12 个月有 {measures:,} 项措施、{news:,} 份文件，每周约 {weekly:,.0f} 份"
    ),
    "none, for there are none yet": "无（尚未设立）",
    "did you mean {key!r}?": "是否指“{key}”？",
    "choose among {known}": "请从中选择：{known}",
    "{asked!r} is not a product area; {hint}": "“{asked}”不是产品类别；{hint}",
    "keyword {asked!r} has no letter and no digit to look for": "关键词“{asked}”不含可检索的文字或数字",
    "keyword {tidy!r}… has {n} characters; give a word or a phrase of at most {most}": (
        "关键词“{tidy}…”有 {n} 个字符；请填写词或短语，不超过 {most} 个字符"
    ),
    "keyword {tidy!r} is a single letter or digit, which occurs nearly everywhere; give a word": (
        "关键词“{tidy}”只有一个字母或数字，几乎处处出现；请填写完整的词"
    ),
    "keyword {keyword!r} could never count, because {excluded!r} is excluded and stands in it; take one of the two "
    "away": "关键词“{keyword}”永远不会生效，因为其中含有被排除的“{excluded}”；请删去其中之一",
    "{typed!r} is a reference of several issuers; write {choices}": "“{typed}”是多个发布机构的编号；请写明{choices}",
    "no measure {symbol!r} is recorded, and only what is recorded can be followed; {hint}": (
        "未收录措施“{symbol}”，只能跟踪已收录的措施；{hint}"
    ),
    "subscribe to its market and products to be told when it comes, and follow it then; `tbtwatch measures` lists what "
    "is recorded": ("可先订阅其市场和产品，收到消息后再跟踪；命令 tbtwatch measures 列出已收录的措施"),
    "give a document symbol such as G/TBT/N/KEN/1514; `tbtwatch measures` lists what is recorded": (
        "请填写通报编号，如 G/TBT/N/KEN/1514；命令 tbtwatch measures 列出已收录的措施"
    ),
}

#: Product lists: the file, its header, its rows.
LISTS: Final[dict[str, str]] = {
    "row {row}: {text}": "第 {row} 行：{text}",
    "row {row}, {column}: {text}": "第 {row} 行，{column}：{text}",
    # --- a code in a cell
    "{stated} was read as {read}": "{stated} 读作 {read}",
    "{shown!r} was read as {read}: spreadsheets lose the leading zero": "“{shown}”读作 {read}：表格软件会丢失开头的零",
    "{shown!r} was read as {read}: spreadsheets lose zeros of numbers": (
        "“{shown}”读作 {read}：表格软件会丢失数字中的零"
    ),
    "{shown!r} was read as {code}: a spreadsheet has cut the code short; format the column as text": (
        "“{shown}”读作 {code}：表格软件截短了编码，请把该列设为文本格式"
    ),
    "{stated!r} is a range that holds too much or nothing: write the codes one by one": (
        "“{stated}”这一编码范围过大或为空：请逐个填写编码"
    ),
    "{shown!r} is no commodity code: write its 8, 10 or 13 digits, or the 4 or 6 of the HS, as 22029900": (
        "“{shown}”不是商品编码：请填写 8、10 或 13 位数字，或 HS 的 4 或 6 位，如 22029900"
    ),
    "{shown!r} is too short for one product: write at least the four digits of its heading, as 2202": (
        "“{shown}”位数过少，不足以确定产品：请至少填写四位品目，如 2202"
    ),
    "{shown!r} has {n} digits: a commodity code has 8, 10 or 13, an HS code 4 or 6; part several codes with a "
    "semicolon": "“{shown}”有 {n} 位数字：商品编码为 8、10 或 13 位，HS 编码为 4 或 6 位；多个编码用分号隔开",
    "{shown!r} is a number that a spreadsheet has cut short: format the column as text, write it anew": (
        "“{shown}”是被表格软件截短的数字：请把该列设为文本格式后重新填写"
    ),
    # --- a row
    "has no commodity code; give its HS code (at least four digits) or leave the row out": (
        "没有商品编码；请填写 HS 编码（至少四位），或删去此行"
    ),
    "names no market; write where it is sold, as 欧盟; 美国": "没有写明市场；请填写销往何处，如 欧盟; 美国",
    "{sku!r} stands in row {first} already, with other facts; keep one of the two rows": (
        "“{sku}”已出现在第 {first} 行，且内容不同；请保留其中一行"
    ),
    "{sku!r} stands in row {first} already, just so": "“{sku}”已出现在第 {first} 行，内容相同",
    "has no number (SKU); it holds {held!r}: number it, or take the row out": (
        "没有货号；该行内容为“{held}”：请填写货号，或删去此行"
    ),
    "has {n} characters; a SKU has at most {most}": "有 {n} 个字符；货号最多 {most} 个字符",
    "has {n} characters; that is no list of {column}": "有 {n} 个字符，过长，无法识别；请检查此格",
    "names {n}; one product has at most {most}": "列出了 {n} 项；一个产品最多 {most} 项",
    "{part!r} is no market; write the countries or groups, as 欧盟; 东盟; 美国": (
        "“{part}”不是市场；请填写国家或国家集团，如 欧盟; 东盟; 美国"
    ),
    "{part!r} is no market; write the countries or groups of it, as {meant}": (
        "“{part}”不是市场；请填写其中的国家或国家集团，如 {meant}"
    ),
    "{stated!r} is a mark and no standard; it is not compared": "“{stated}”是认证标志而非标准，不参与比对",
    "{stated!r} is no certificate known here; it is kept as it is": "“{stated}”不是此处已知的认证，按原样保留",
    # --- the table
    "no header was found: the first row holds {first}": "没有找到表头：首行内容为 {first}",
    "the file holds no row at all": "文件中没有任何行",
    "{wrong}; name the columns, as SKU, product name, HS code, markets, standards (货号、名称、商品编码、出口市场、"
    "执行标准)": "{wrong}；请写明各列名称，如 货号、名称、商品编码、出口市场、执行标准",
    "the product's own number (SKU, item no, 货号, 产品编号, 型号)": "产品编号（货号、产品编号、型号、SKU、item no）",
    "the commodity code (HS code, HTS, 商品编码, 海关编码, 税号)": "商品编码（商品编码、海关编码、税号、HS code、HTS）",
    "the markets (markets, country, 出口市场, 目的国)": "市场（出口市场、目的国、markets、country）",
    "; or give --market for all of them": "；或为所有产品统一选择市场",
    "no column is named for {called}; the header has {there}{hint}": "缺少{called}一列；表头为 {there}{hint}",
    "the list has a header and no product below it; add a row for each product": (
        "清单只有表头，没有产品；请为每个产品填写一行"
    ),
    "the list has more than {most:,} products; part it into lists of several enterprises, or leave out what is not "
    "exported": "清单中的产品超过 {most:,} 个；请按企业拆分，或删去不出口的产品",
    # --- the file
    "save the list as .xlsx or .csv and import that": "请将清单另存为 .xlsx 或 .csv 后再上传",
    "{name} is {what}; {save_as}": "文件{what}；{save_as}",
    "a PDF": "是 PDF",
    "a picture": "是图片",
    "a RAR archive": "是 RAR 压缩包",
    "a 7z archive": "是 7z 压缩包",
    "an RTF document": "是 RTF 文档",
    "empty": "是空的",
    "an old Excel file (.xls) or protected by a password": "是旧版 Excel（.xls），或有密码保护",
    "a web page or XML": "是网页或 XML",
    "the list has more than {rows:,} rows; a list holds at most {products:,} products": (
        "清单超过 {rows:,} 行；一份清单最多 {products:,} 个产品"
    ),
    "{path} is a folder; give the file of the product list": "{path} 是文件夹；请提供产品清单文件",
    "{name} has {size} MB; a product list has at most {most}: leave pictures and other sheets out": (
        "文件有 {size} MB；产品清单最多 {most} MB：请删去图片和其他工作表"
    ),
    "{path} cannot be read: {reason}": "文件无法读取（{reason}）；请重新上传",
    "{name} is no workbook and has no sheets; leave --sheet out": "文件不是工作簿，没有工作表；请不要指定工作表",
    "{name} is no text; {save_as}": "文件不是文本；{save_as}",
    "row {number} {problem}; mend it in the file": "第 {number} 行无法读取，可能是引号没有成对；请在文件中改正",
    "{file} has no sheet {wanted!r}; it has {several}": "文件中没有工作表“{wanted}”；现有 {several}",
    "{file} has hidden sheets only; show the one with the list, or name it with --sheet": (
        "文件中只有隐藏的工作表；请取消隐藏清单所在的工作表"
    ),
    "{name} {wrong}; {save_as}": "文件{wrong}；{save_as}",
    "is damaged or was cut off on its way ({name}: {error})": "已损坏或传输不完整（{name}）",
    "is empty": "是空的",
    "is no workbook but a web page": "不是工作簿，而是网页",
    "is in the old .xls form or protected by a password; only .xlsx is read": (
        "是旧版 .xls 格式，或有密码保护；只能读取 .xlsx"
    ),
    "is no .xlsx file": "不是 .xlsx 文件",
    "cannot be opened: {reason}": "无法打开（{reason}）",
    "is a zip file, but holds no workbook": "是 zip 压缩包，但其中没有工作簿",
    "holds no sheet": "没有工作表",
    "has a part {name} of {file_size} bytes, which should be small": "的内部部件 {name} 有 {file_size} 字节，异常过大",
    "unpacks to {total:,} MB, more than the {decoded:,} MB allowed": "解压后有 {total:,} MB，超过允许的 {decoded:,} MB",
    "refers to the shared string {index}, but has {n}": "已损坏：引用了第 {index} 个共享字符串，但只有 {n} 个",
    "lists its parts in {directory} bytes: a workbook has some dozen parts": (
        "的目录有 {directory} 字节，不像正常的工作簿"
    ),
    "is packed {times} times over: a zip bomb": "的压缩比达 {times} 倍，疑为压缩炸弹",
    "has more than {rows} rows": "超过 {rows} 行",
    "holds a document type declaration, which no workbook has": "含有文档类型声明，不是正常的工作簿",
    "holds a tag without an end": "已损坏：标签没有结束",
    "holds a cell of more than {most} characters": "有单元格超过 {most} 个字符",
    "has a row with more than {most} columns": "有一行超过 {most} 列",
}
