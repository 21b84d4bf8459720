"""Addenda as Members write them, each with the news it must become. All are made up, in the shape of real ones.

Every one follows the same first text: distributed 10 January 2024, comments until 10 March 2024, adoption and entry
into force not stated. The addendum is distributed on 2 September 2024 unless a case says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from watcher.dates import DateFact, DateQuality
from watcher.measure import ChangeKind

A = ChangeKind.ADOPTED
F = ChangeKind.IN_FORCE
W = ChangeKind.WITHDRAWN
FILLED = ChangeKind.DATE_FILLED_IN
DATE_MOVED = ChangeKind.DATE_MOVED
REOPENED = ChangeKind.DEADLINE_REOPENED
MOVED = ChangeKind.DEADLINE_MOVED
SCOPE = ChangeKind.PRODUCTS_CHANGED
TOLD = ChangeKind.FURTHER_INFORMATION

#: kind and new value of each change; "" where there is none to check
News = set[tuple[ChangeKind, str]]


@dataclass(frozen=True)
class Case:
    """An addendum's text and what must be read in it."""

    text: str
    news: News
    more: dict[str, Any] = field(default_factory=dict)  #: other fields of the addendum, and of the first text ("base")


SAID = [
    # English: adopted, published
    Case(
        "Burundi, Kenya and Uganda wish to inform Members that the Draft East African Standard DEAS 77:2023, Mango "
        "pulp;  notified in G/TBT/N/BDI/900, G/TBT/N/KEN/1514 was adopted by the Council of Ministers on "
        "25 August 2024 as EAS 77:2024.",
        {(A, "2024-08-25")},
    ),
    Case(
        "Kenya would like to inform WTO Members that the draft standard notified in G/TBT/N/KEN/1514 was adopted and "
        "published by Kenya on 20th August 2024 via Gazette Notice No. 886 dated 21st August 2024 as KS 12:2024.",
        {(A, "2024-08-20")},
    ),
    Case("The standard has been approved by Ministerial Order No. 14 of 3 July 2024.", {(A, "2024-07-03")}),
    Case(
        "On 5 June 2024, the Ministry of Health issued Resolution No. 55 approving the technical regulation.",
        {(A, "2024-06-05")},
    ),
    Case("The Agency has adopted the final rule; it was signed on 1 July 2024.", {(A, "2024-07-01")}),
    Case("The measure was published in the Official Gazette dated 23 July 2024.", {(A, "2024-07-23")}),
    Case("Adoption date: 1 May 2024. Entry into force: 1 August 2024.", {(A, "2024-05-01"), (F, "2024-08-01")}),
    Case("The regulation was promulgated in August 2024.", {(A, "2024-08")}),
    Case("The Food Agency is issuing a final rule to amend its labelling requirements.", {(A, "adopted")}),
    Case(
        "Action: Final rule. The effective date of this rule is October 15, 2024.",
        {(A, "adopted"), (FILLED, "2024-10-15")},
    ),
    # English: in force
    Case("The regulation entered into force on 1 July 2024.", {(F, "2024-07-01")}),
    Case(
        "The regulation was adopted on 1 June 2024 and will enter into force on 1 January 2025.",
        {(A, "2024-06-01"), (FILLED, "2025-01-01")},
    ),
    Case(
        "The technical regulation was published on 12 August 2024 and enters into force six months after publication.",
        {(A, "2024-08-12"), (FILLED, "2025-02-12")},
    ),
    Case("The standard has entered into force.", {(F, "in_force")}),
    Case("This rule is effective December 2, 2024.", {(A, "adopted"), (FILLED, "2024-12-02")}),
    Case("The Order took effect on 15 August 2024.", {(F, "2024-08-15")}),
    # English: comments
    Case("The comment period is extended until 15 October 2024.", {(REOPENED, "2024-10-15")}),
    Case(
        "The comment period for the draft is extended until 15 April 2024.",
        {(MOVED, "2024-04-15")},
        {"distribution_date": "2024-02-20"},
    ),
    Case(
        "The proposal invited the public to submit comments by 10 March 2024. The Commission is extending the comment "
        "period by 30 days.",
        {(MOVED, "2024-04-09")},
        {"distribution_date": "2024-03-01"},
    ),
    Case(
        "The deadline for comments has been extended by an additional thirty (30) days.",
        {(MOVED, "2024-04-09")},
        {"distribution_date": "2024-03-01"},
    ),
    Case(
        "The comment period, which was to end on 10 March 2024, is extended from 10 March 2024 to 9 May 2024.",
        {(MOVED, "2024-05-09")},
        {"distribution_date": "2024-03-01"},
    ),
    Case("Comments on the amended draft should be submitted by 12 November 2024.", {(REOPENED, "2024-11-12")}),
    Case("Written comments will be accepted until 5 p.m. on November 1, 2024.", {(REOPENED, "2024-11-01")}),
    Case("The agency is reopening the comment period for the proposed rule.", {(REOPENED, "")}),
    Case("The comment period is reopened and will close on 30 September 2024.", {(REOPENED, "2024-09-30")}),
    # English: withdrawn, postponed, scope
    Case("The draft technical regulation notified in G/TBT/N/KEN/1514 has been withdrawn.", {(W, "withdrawn")}),
    Case("Kenya hereby withdraws the notification G/TBT/N/KEN/1514.", {(W, "withdrawn")}),
    Case("The Ministry decided not to proceed with the proposed amendment.", {(W, "withdrawn")}),
    Case("The notified measure was repealed by Decree 4 of 2024.", {(W, "withdrawn")}),
    Case(
        "The date of entry into force has been extended to 1 March 2026.",
        {(FILLED, "2026-03-01")},
    ),
    Case(
        "The entry into force of the regulation has been postponed from 1 January 2025 to 1 July 2025.",
        {(DATE_MOVED, "2025-07-01")},
        {"base": {"proposed_entry_into_force": "2025-01-01"}},
    ),
    Case("The scope of the regulation has been extended to include energy drinks.", {(SCOPE, "")}),
    # English: plans
    Case("The proposed date of adoption is 1 December 2024.", {(FILLED, "2024-12-01")}),
    Case("The regulation is expected to be adopted in December 2024.", {(FILLED, "2024-12")}),
    Case(
        "The draft regulation is expected to enter into force on 1 June 2025.",
        {(FILLED, "2025-06-01")},
    ),
    # Chinese
    Case(
        "文件G/TBT/N/KEN/1514通报的法规草案于2024年8月20日被批准为第24号技术法规,并于2024年8月28日生效。",
        {(A, "2024-08-20"), (F, "2024-08-28")},
    ),
    Case("本补遗旨在通知,G/TBT/N/KEN/1514通报的技术法规经2024年7月6日第2号法令批准。", {(A, "2024-07-06")}),
    Case("该标准已获通过。", {(A, "adopted")}),
    Case("2024年6月26日,卫生部在官方公报上公布了该官方标准。", {(A, "2024-06-26")}),
    Case("修正案于2024年4月28日发布,并于2024年12月1日生效。", {(A, "2024-04-28"), (FILLED, "2024-12-01")}),
    Case("措施:最终法规。日期:法规2024年10月31日生效。", {(A, "adopted"), (FILLED, "2024-10-31")}),
    Case("本规则的生效日期为2024年11月25日。", {(A, "adopted"), (FILLED, "2024-11-25")}),
    Case("评议期延长至2024年10月15日。", {(REOPENED, "2024-10-15")}),
    Case("意见应在2024年11月4日之前提交。", {(REOPENED, "2024-11-04")}),
    Case("请在2024年10月13日前提交关于该草案的书面意见。", {(REOPENED, "2024-10-13")}),
    Case("评议期延长30天。", {(MOVED, "2024-04-09")}, {"distribution_date": "2024-03-01"}),
    Case("营养标签修订;就特定文件重开评议期", {(REOPENED, "")}),
    Case("该通报草案已撤回。", {(W, "withdrawn")}),
    Case("肯尼亚决定撤回G/TBT/N/KEN/1514通报的措施。", {(W, "withdrawn")}),
    Case("该法规的生效日期推迟至2026年1月1日。", {(FILLED, "2026-01-01")}),
    Case("该法规拟于2025年3月1日生效。", {(FILLED, "2025-03-01")}),
    Case("法规的适用范围扩大到能量饮料。", {(SCOPE, "")}),
    # French
    Case("Le règlement technique a été adopté par l'arrêté n° 12 du 3 juillet 2024.", {(A, "2024-07-03")}),
    Case(
        "Le texte a été publié au Journal officiel le 12 août 2024. Il entrera en vigueur le 1er janvier 2025.",
        {(A, "2024-08-12"), (FILLED, "2025-01-01")},
    ),
    Case(
        "Le délai pour la présentation des observations est prolongé jusqu'au 15 octobre 2024.",
        {(REOPENED, "2024-10-15")},
    ),
    Case("Le projet de règlement notifié sous la cote G/TBT/N/KEN/1514 a été retiré.", {(W, "withdrawn")}),
    Case("L'entrée en vigueur de l'arrêté a été reportée au 1er mars 2026.", {(FILLED, "2026-03-01")}),
    # Spanish
    Case(
        "El reglamento técnico fue aprobado mediante la Resolución N.º 45 de 3 de julio de 2024.", {(A, "2024-07-03")}
    ),
    Case(
        "La norma se publicó en el Diario Oficial el 12 de agosto de 2024 y entrará en vigor el 1 de enero de 2025.",
        {(A, "2024-08-12"), (FILLED, "2025-01-01")},
    ),
    Case(
        "Se prorroga el plazo para presentar observaciones hasta el 15 de octubre de 2024.", {(REOPENED, "2024-10-15")}
    ),
    Case("El proyecto notificado en el documento G/TBT/N/KEN/1514 ha sido retirado.", {(W, "withdrawn")}),
    Case("El reglamento entró en vigencia el 1 de julio de 2024.", {(F, "2024-07-01")}),
    # Vietnamese
    Case("Quy chuẩn đã được ban hành và có hiệu lực từ ngày 15 tháng 7 năm 2024.", {(F, "2024-07-15")}),
    # Other turns of phrase, as the Members have them
    Case(
        "The proposed levels notified in G/TBT/N/KEN/1514 (dated 10 January 2024) were adopted 20 March 2024.",
        {(A, "2024-03-20")},
    ),
    Case("The Commission adopted on 5 July 2024 Regulation (EU) 2024/1 on jelly drinks.", {(A, "2024-07-05")}),
    Case("Ordinance No. 200 of 5 May 2024 was issued, approving the technical regulation.", {(A, "2024-05-05")}),
    Case(
        "The Food Code was finally revised and published on 10 May 2024 and becomes effective on 1 January 2025.",
        {(A, "2024-05-10"), (FILLED, "2025-01-01")},
    ),
    Case(
        "On 12 June 2024 the Official Standard was published in the Official Journal. It will enter into force "
        "180 days after its publication.",
        {(A, "2024-06-12"), (FILLED, "2024-12-09")},
    ),
    Case("The Order shall come into force w.e.f. 1st April 2025.", {(FILLED, "2025-04-01")}),
    Case(
        "The amendment was promulgated on 31 May 2024 and enforced on 1 June 2024.",
        {(A, "2024-05-31"), (F, "2024-06-01")},
    ),
    Case(
        "The text is unchanged. The effective date of the rule published on 10 July 2024 is delayed until "
        "20 December 2024.",
        {(FILLED, "2024-12-20")},
    ),
    Case("Action: Proposed rule; withdrawal.", {(W, "withdrawn")}),
    Case(
        "A new comment period of 30 days from the date of circulation of this addendum is opened.",
        {(REOPENED, "2024-10-02")},
    ),
    Case("提交意见的截止日期已延长至2024年11月30日。", {(REOPENED, "2024-11-30")}),
    Case("评议期延长至2024年10月15日，意见请提交至咨询点。", {(REOPENED, "2024-10-15")}),
    Case("該標準已於2024年8月5日獲批准，並於2024年9月1日實施。", {(A, "2024-08-05"), (F, "2024-09-01")}),
    Case("环境保护署撤回2024年1月5日公布的拟议规则。", {(W, "withdrawn")}),
    Case("Mediante Resolución Exenta N° 123, de 2 de mayo de 2024, se aprobó el protocolo.", {(A, "2024-05-02")}),
    Case("Les observations doivent être communiquées au plus tard le 12 novembre 2024.", {(REOPENED, "2024-11-12")}),
]


_SIX_MONTHS = DateFact(quality=DateQuality.UNKNOWN, wording="6 months after adoption", rule="adoption + 6 months")
_WORDED: dict[str, Any] = {"base": {"proposed_entry_into_force": _SIX_MONTHS}}
_PLANNED: dict[str, Any] = {"base": {"proposed_entry_into_force": "2026-07-01"}}

#: Entry into force put to 1 January 2027: the planned day, where one is known, was 1 July 2026.
POSTPONED = (
    "The entry into force is postponed from 1 July 2026 to 1 January 2027.",
    "The entry into force is postponed until 1 January 2027.",
    "The Regulation is postponed until 1 January 2027.",
    "The Ministry postponed the entry into force of the Regulation to 1 January 2027.",
    "The date on which the Regulation enters into force is postponed from 1 July 2026 to 1 January 2027.",
    "The Regulation will enter into force on 1 January 2027 instead of 1 July 2026.",
    "The Regulation will not enter into force on 1 July 2026 but on 1 January 2027.",
    "The Regulation will not enter into force on 1 July 2026. Its entry into force is postponed to 1 January 2027.",
    "The Regulation shall not enter into force until 1 January 2027.",
    "该法规推迟至2027年1月1日生效。",
    "该法规将延至2027年1月1日生效。",
    "该法规的生效日期由2026年7月1日推迟至2027年1月1日。",
    "该法规不会于2026年7月1日生效,而是于2027年1月1日生效。",
    "该法规于2027年1月1日生效，而非2026年7月1日。",
    "L'entrée en vigueur est reportée du 1er juillet 2026 au 1er janvier 2027.",
    "Le règlement est reporté au 1er janvier 2027.",
    "Le règlement entrera en vigueur le 1er janvier 2027 au lieu du 1er juillet 2026.",
    "Le règlement n'entrera pas en vigueur le 1er juillet 2026 mais le 1er janvier 2027.",
    "La entrada en vigor se aplaza del 1 de julio de 2026 al 1 de enero de 2027.",
    "Se aplaza la entrada en vigor hasta el 1 de enero de 2027.",
    "El reglamento entrará en vigor el 1 de enero de 2027 en lugar del 1 de julio de 2026.",
    "El reglamento no entrará en vigor el 1 de julio de 2026, sino el 1 de enero de 2027.",
)
SAID += [Case(text, {(FILLED, "2027-01-01")}, _WORDED) for text in POSTPONED]
SAID += [Case(text, {(DATE_MOVED, "2027-01-01")}, _PLANNED) for text in POSTPONED]
SAID += [
    Case(
        "The standard was adopted on 5 August 2024. Its entry into force is postponed until 1 January 2027.",
        {(A, "2024-08-05"), (FILLED, "2027-01-01")},
        {**_WORDED, "proposed_entry_into_force": _SIX_MONTHS},
    ),
    # Denied, and said all the same
    Case(
        "The rule is not yet in force and will enter into force on 1 January 2027.",
        {(FILLED, "2027-01-01")},
    ),
    Case("The first draft has not been adopted; a new version was adopted on 5 August 2024.", {(A, "2024-08-05")}),
    Case("本法规不适用于出口产品,自2027年1月1日起实施。", {(A, "adopted"), (FILLED, "2027-01-01")}),
]

NOT_SAID = [
    Case("If adopted, the regulation would enter into force on 1 June 2025.", {(FILLED, "2025-06-01")}),
    Case("The regulation has not yet been adopted.", {(TOLD, "")}),
    Case("Once the standard is adopted, importers will have six months to comply.", {(TOLD, "")}),
    Case("The draft was published in the Official Gazette on 1 July 2024 for public consultation.", {(TOLD, "")}),
    Case(
        "On 9 August 2024, the Commission published in the Federal Register a notice of proposed rulemaking.",
        {(TOLD, "")},
    ),
    Case("This standard cancels and supersedes its last edition of 2008.", {(TOLD, "")}),
    Case("The new regulation repeals Decree No. 62 of 15 December 2009.", {(TOLD, "")}),
    Case("Products that were approved before 1 July 2024 may be sold until stocks are exhausted.", {(TOLD, "")}),
    Case(
        "Certificates may be withdrawn by the accredited body, and registrations are cancelled after one year.",
        {(TOLD, "")},
    ),
    Case("The requirements follow ISO 22000, which was adopted on 19 June 2018.", {(TOLD, "")}),
    Case("The proposal invited the public to submit comments by 10 March 2024.", {(TOLD, "")}),
    Case("Several stakeholders requested an extension of the comment period.", {(TOLD, "")}),
    Case("The scope of the measure has not been changed.", {(TOLD, "")}),
    Case("Resolution No. 18 of 29 April 2024 has been clarified by Resolution No. 19 of 1 August 2024.", {(TOLD, "")}),
    Case(
        "Regulation (EU) 2019/1020, which entered into force on 16 July 2021, applies to these products.", {(TOLD, "")}
    ),
    Case(
        "This addendum informs that the draft is being finalized and will be adopted after the consultation.",
        {(TOLD, "")},
    ),
    Case("该标准尚未批准。", {(TOLD, "")}),
    Case("如获批准,该法规将实施。", {(TOLD, "")}),
    Case("撤销2009年12月15日第62号法令。", {(TOLD, "")}),
    Case("经批准的实验室可出具检测报告。", {(TOLD, "")}),
    Case("能源部于2024年6月13日公布了关于能效标准的法规提案。", {(TOLD, "")}),
    Case("措施:最终法规;撤销。日期:2017年1月19日公布的最终法规将于2024年10月7日起撤销。", {(TOLD, "")}),
    Case("制造商可在批准后6个月内继续销售库存产品。", {(TOLD, "")}),
    Case("不符合要求的产品,其证书将被撤销。", {(TOLD, "")}),
    Case("该法规草案预计于2024年12月批准。", {(FILLED, "2024-12")}),
    Case("Le projet n'a pas encore été adopté.", {(TOLD, "")}),
    Case("Le règlement devrait entrer en vigueur le 1er juin 2025.", {(FILLED, "2025-06-01")}),
    Case("Una vez aprobado el reglamento, se publicará en el Diario Oficial.", {(TOLD, "")}),
    Case("El proyecto no ha sido aprobado.", {(TOLD, "")}),
    Case("The standards referenced in the annex were published by ISO on 5 July 2024.", {(TOLD, "")}),
    Case("The regulation adopted in 2015 is currently in force and will be replaced by the draft.", {(TOLD, "")}),
    Case("The public meeting to discuss the comments takes place on 5 October 2024.", {(TOLD, "")}),
    Case("A request to extend the comment period until 5 November 2024 was declined.", {(TOLD, "")}),
    Case("A draft decree was approved by the Government on 3 July 2024 and submitted to Parliament.", {(TOLD, "")}),
    Case("The Agency has approved a list of laboratories for testing under the regulation.", {(TOLD, "")}),
    Case("The revised draft was approved by the technical committee on 3 July 2024.", {(TOLD, "")}),
    Case('The agency has issued "Final rule adopted on 3 July 2024" as an example of a heading.', {(TOLD, "")}),
    Case("某成员请求将评议期延长至2024年11月5日。", {(TOLD, "")}),
    Case("原法规自2016年1月1日起实施，现拟修订。", {(TOLD, "")}),
    Case("制造商应在2024年12月1日前提交检测报告。", {(TOLD, "")}),
    Case("Le décret n° 55 de 2010 est abrogé.", {(TOLD, "")}),
    Case("El proyecto fue publicado en el Diario Oficial el 4 de mayo de 2024 para consulta pública.", {(TOLD, "")}),
]

#: Nothing in them is done, and no day in them is that of anything.
DENIED = (
    "The Regulation, due to enter into force on 1 January 2027, will not enter into force on that date.",
    "The Regulation was to enter into force on 1 January 2027. It will not enter into force on that date.",
    "The regulation shall not come into force on 1 January 2027 as planned.",
    "The regulation does not enter into force on 1 January 2027.",
    "The regulation is not going to enter into force on 1 January 2027.",
    "The measure will no longer enter into force on 1 January 2027.",
    "The measure is not expected to enter into force on 1 January 2027.",
    "The rule will not take effect on 1 January 2027.",
    "The rule did not enter into force on 1 July 2024.",
    "The rule has not entered into force.",
    "The regulation has not been adopted.",
    "The regulation was not published in the Official Gazette on 1 July 2024.",
    "The regulation was neither adopted nor published on 1 July 2024.",
    "The Ministry has not issued Resolution 5 of 1 July 2024.",
    "The regulation will not be adopted on 1 December 2026.",
    "The draft notified in G/TBT/N/KEN/1514 has not been withdrawn.",
    "The entry into force will not be postponed to 1 January 2027.",
    "The comment period will not be extended until 15 October 2024.",
    "原定于2027年1月1日生效的法规将不会在该日生效。",
    "该法规将不于2027年1月1日生效。",
    "该法规不会于2027年1月1日生效。",
    "该法规未于2024年7月1日生效。",
    "该法规并未于2024年7月1日批准。",
    "该法规未获通过。",
    "该法规没有获得批准。",
    "该法规未于2024年7月1日公布。",
    "该草案未被撤回。",
    "生效日期未推迟至2027年1月1日。",
    "Le règlement, qui devait entrer en vigueur le 1er janvier 2027, n'entrera pas en vigueur à cette date.",
    "Le règlement n’entrera pas en vigueur le 1er janvier 2027.",
    "Le règlement n'est pas entré en vigueur le 1er juillet 2024.",
    "Le règlement n'a pas été adopté le 1er juillet 2024.",
    "Le règlement n'a jamais été publié au Journal officiel.",
    "L'entrée en vigueur n'est pas reportée au 1er janvier 2027.",
    "El reglamento, cuya entrada en vigor el 1 de enero de 2027 estaba prevista, no entrará en vigor en esa fecha.",
    "El reglamento no entrará en vigor el 1 de enero de 2027.",
    "El reglamento no ha sido adoptado.",
    "El reglamento nunca fue aprobado.",
    "El reglamento no fue publicado en el Diario Oficial el 1 de julio de 2024.",
    "La entrada en vigor no se aplaza al 1 de enero de 2027.",
)
NOT_SAID += [Case(text, {(TOLD, "")}) for text in DENIED]
NOT_SAID.append(
    Case(DENIED[0], {(TOLD, "")}, {"base": {"proposed_entry_into_force": "2027-01-01"}}),
)
