"""The names of the months, in the languages of the markets and of both calendars that name them.

All are written as people write them and folded by `watcher.dates.patterns.names`. A name that means one month in one
language and another month in another is no name here: it is read only where the publisher's language is known.
"""

from __future__ import annotations

from collections.abc import Iterable

#: One row a month. Names that no other word of a document is: they may stand beside a bare year, "août 2026".
_FULL = (
    "january janvier janv enero ene janeiro januar januari gennaio ocak ianuarie január januára jaanuar janvāris "
    "januarie jänner января январь січня січень януари styczeń stycznia leden ledna sijecanj sijecnja sausis sausio "
    "tammikuu tammikuuta ιανουαρίου ιανουάριος gener yanvar มกราคม ม.ค. يناير جانفي जनवरी",
    "february febuary fevrier fevr febrero fevereiro februar februari febbraio şubat februarie február februára "
    "veebruar februāris февраля февраль лютого лютий февруари luty lutego únor února veljaca veljace vasaris vasario "
    "helmikuu helmikuuta φεβρουαρίου φεβρουάριος febrer fevral pebrero กุมภาพันธ์ ก.พ. فبراير فيفري "
    "شباط फ़रवरी फरवरी",
    "march mars marzo março märz maart maret mart martie marts március märts марта март marzec marca marec "
    "březen března березня березень ožujak ozujka kovas kovo maaliskuu maaliskuuta μαρτίου "
    "μάρτιος març marso มีนาคม มี.ค. مارس آذار मार्च",
    "april avril abril aprile nisan aprilie apríla április aprill aprīlis апреля апрель квітня квітень април kwiecień "
    "kwietnia duben dubna travanj travnja balandis balandžio huhtikuu huhtikuuta απριλίου απρίλιος aprel เมษายน เม.ย. "
    "أبريل إبريل أفريل نيسان अप्रैल",
    "may mai mayo maio maggio mei mayıs maj mája május maijs мая май травня травень maja květen května svibanj svibnja "
    "gegužė gegužės toukokuu toukokuuta μαΐου μάιος maig พฤษภาคม พ.ค. مايو ماي أيار मई",
    "june juin junio junho juni giugno haziran iunie jún júna junij június juuni jūnijs июня июнь червня червень юни "
    "czerwiec czerwca červen června lipanj lipnja birželis birželio kesäkuu kesäkuuta ιουνίου ιούνιος juny iyun hunyo "
    "มิถุนายน มิ.ย. يونيو يونيه جوان حزيران जून",
    "july juillet juil julio julho juli luglio temmuz iulie júl júla julij július juuli jūlijs julai июля июль липня "
    "липень юли lipiec lipca červenec července srpanj srpnja liepa liepos heinäkuu heinäkuuta ιουλίου ιούλιος juliol "
    "iyul hulyo กรกฎาคม ก.ค. يوليو يوليه يوليوز جويلية تموز जुलाई",
    "august août agosto ağustos augustus augusti augusta augusztus augusts ogos agustus августа август серпня серпень "
    "sierpień sierpnia srpen srpna kolovoz kolovoza rugpjūtis rugpjūčio elokuu elokuuta αυγούστου αύγουστος agost "
    "avgust avqust สิงหาคม ส.ค. أغسطس غشت أوت آب अगस्त",
    "september septembre septiembre setiembre setembro settembre eylül septembrie septembra szeptember septembris "
    "сентября сентябрь вересня вересень септември wrzesień września září rujan rujna rugsėjis rugsėjo syyskuu "
    "syyskuuta σεπτεμβρίου σεπτέμβριος "
    "setembre sentyabr sentabr setyembre กันยายน ก.ย. سبتمبر شتنبر أيلول "
    "सितंबर सितम्बर",
    "october octobre octubre outubro oktober ottobre ekim octombrie október októbra oktoober oktobris октября октябрь "
    "жовтня жовтень октомври październik października říjen října spalis spalio lokakuu lokakuuta οκτωβρίου οκτώβριος "
    "oktyabr oktabr oktubre ตุลาคม ต.ค. أكتوبر अक्टूबर",
    "november novembre noviembre novembro kasım noiembrie novembra novembris ноября ноябрь листопад ноември "
    "studeni studenoga lapkritis lapkričio marraskuu marraskuuta νοεμβρίου νοέμβριος noyabr nobyembre "
    "พฤศจิกายน พ.ย. نوفمبر نونبر नवंबर नवम्बर",
    "december décembre diciembre dezembro dezember dicembre aralık decembrie decembra detsember decembris desember "
    "disember декабря декабрь грудня грудень декември grudzień grudnia prosinec prosince prosinac prosinca gruodis "
    "gruodžio joulukuu joulukuuta δεκεμβρίου δεκέμβριος desembre dekabr disyembre ธันวาคม ธ.ค. ديسمبر "
    "دجنبر दिसंबर दिसम्बर",
)
#: Arabic names of two words.
_ARABIC_PAIRS = {"كانون الثاني": 1, "تشرين الأول": 10, "تشرين الثاني": 11, "كانون الأول": 12}
#: Short names that English, French, Spanish and Portuguese notifications write beside a bare year: "Mar-26".
_SHORT = (
    "jan",
    "feb fev",
    "mar",
    "apr avr abr",
    "",
    "jun",
    "jul",
    "aug ago",
    "sept sep set",
    "oct out",
    "nov",
    "dec dic dez",
)
#: Short names that are other words too: a day must stand beside them, "17 Ara 2026".
_SHORT_BESIDE_A_DAY = (
    "gen oca ian jaan sty янв січ яну ιαν yan",
    "febr veebr şub lut фев февр лют φεβ peb",
    "mär mrz mrt marc mac мар бер μαρ",
    "nis kwi апр квіт απρ",
    "mag трав μαι",
    "giu haz iun cze iyn июн черв ιουν hun",
    "lug tem iul iyl июл лип ιουλ hul",
    "aoû ağu agu agt ags avg sie ogo авг серп αυγ",
    "eyl sen wrz szept сен сент сеп вер σεπ",
    "ott okt eki paź окт жовт οκτ",
    "kas noi нояб ноя ное лист листоп νοε nob",
    "dis des ara gru дек груд δεκ",
)
#: The same word for different months: language → its month.
BY_LANGUAGE = {
    "listopad": {"pl": 11, "cs": 11, "sk": 11, "hr": 10, "sl": 11, "bs": 10},
    "listopada": {"pl": 11, "cs": 11, "uk": 11, "hr": 10, "bs": 10},
    "listopadu": {"cs": 11, "hr": 10, "bs": 10},
    "lip": {"pl": 7, "hr": 6},
    "lis": {"pl": 11, "cs": 11, "hr": 10},
    "srp": {"cs": 8, "hr": 7},
}  # fmt: skip


def _numbered(rows: Iterable[str]) -> dict[str, int]:
    rows = tuple(rows)
    assert len(rows) == 12
    return {name: number for number, row in enumerate(rows, 1) for name in row.split()}


#: May stand beside a bare year.
MONTHS = _numbered(_FULL) | _ARABIC_PAIRS | _numbered(_SHORT) | {"листопада": 11}
#: May stand between a day and a year.
MONTHS_BESIDE_A_DAY = MONTHS | _numbered(_SHORT_BESIDE_A_DAY)

_HIJRI_ROWS = (
    "محرم|المحرم|muharram|muharam",
    "صفر|safar|saphar",
    "ربيع الأول|ربيع أول|rabi al-awwal|rabi' al-awwal|rabi al-awal|rabiulawal|rabiul awal|rabi i",
    "ربيع الآخر|ربيع الثاني|ربيع آخر|rabi al-thani|rabi' al-thani|rabi al-akhir|"
    "rabi' al-akhir|rabiulakhir|rabiul akhir|rabi ii",
    "جمادى الأولى|جمادى الأول|جماد الأول|جماد أول|jumada al-ula|jumada al-awwal|jumada i|jamadilawal|jumadil awal",
    "جمادى الآخرة|جمادى الثانية|جمادى الآخر|جماد الآخر|جماد الثاني|جماد ثاني|jumada al-akhirah|jumada al-thani|"
    "jumada al-akhira|jumada ii|jamadilakhir|jumadil akhir",
    "رجب|rajab",
    "شعبان|shaban|sha'ban|syaban|sya'ban",
    "رمضان|ramadan|ramadhan|ramazan",
    "شوال|shawwal|shawal|syawal",
    "ذو القعدة|ذي القعدة|ذوالقعدة|dhu al-qadah|dhu al-qi'dah|dhul qadah|dhul-qadah|dhu al-qidah|zulkaedah|zulkaidah",
    "ذو الحجة|ذي الحجة|ذوالحجة|dhu al-hijjah|dhul hijjah|dhul-hijjah|dhu al-hijja|zulhijjah",
)
HIJRI_MONTHS = {name: number for number, row in enumerate(_HIJRI_ROWS, 1) for name in row.split("|")}
