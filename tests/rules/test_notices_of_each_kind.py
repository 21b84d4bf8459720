"""Notices of every kind in four languages, made up: the kind is among what their titles give."""

from __future__ import annotations

from functools import cache

import pytest

from rules.classification import Classification, Facet
from rules.classify import classify
from tests.builders import a_measure
from tests.rules.readers.reading import NOTHING, shipped

NOTICES = (
    ("technical-regulation", "Draft Resolution laying down requirements for gas lighters"),
    ("technical-regulation", "Propane Cylinders (Amendment) Bill"),
    ("technical-regulation", "关于修订机动车安全运行规程的部长令草案"),
    ("technical-regulation", "Projet d'arrêté fixant les prescriptions applicables aux extincteurs"),
    ("technical-regulation", "Proyecto de Resolución por la que se reglamentan los cilindros de gas"),
    ("technical-regulation", "Rules on the putting into service of pressure vessels"),
    ("conformity-assessment", "Procedure for issuing certificates of conformity for imported ladders"),
    ("conformity-assessment", "Type approval scheme for tower cranes"),
    ("conformity-assessment", "电动自行车认证要求及工厂检查程序"),
    ("conformity-assessment", "Modalités de contrôle de la conformité des produits importés"),
    ("conformity-assessment", "Procedimiento para la certificación de cascos de motocicleta"),
    ("conformity-assessment", "Designation of conformity assessment bodies for lifts"),
    ("standard", "Roasted groundnuts — Specification"),
    ("standard", "DUS 2671:2026, Bamboo toothpicks - Specification, First Edition"),
    ("standard", "PNS 405:2026 Laminated glass"),
    ("standard", "家用梯子 技术要求（国家标准草案）"),
    ("standard", "《折叠椅》强制性标准草案"),
    ("standard", "NTE INEN 2999 Escobas plásticas. Requisitos"),
    ("standard", "Projet de norme relative aux échelles en bois"),
    ("standard", "Standard for canned mushrooms"),
    ("standard", "Norma salvadoreña para sillas escolares"),
    ("labelling", "Requirements for the labels of wine bottles"),
    ("labelling", "Label elements for paints sold to consumers"),
    ("labelling", "Mandatory origin marking of carpets"),
    ("labelling", "酒类标签内容的规定"),
    ("labelling", "化妆品标签及使用说明书要求"),
    ("labelling", "烟草制品健康警语"),
    ("labelling", "Obligation d'informer le consommateur sur l'origine du miel"),
    ("labelling", "Étiquetage nutritionnel en face avant des emballages"),
    ("labelling", "Información al consumidor en la etiqueta de las prendas"),
    ("labelling", "Sellos de advertencia frontales en alimentos"),
    ("packaging", "Packaging and containers for liquid bleach"),
    ("packaging", "Size of packages for retail sale of rice"),
    ("packaging", "月饼过度包装限制"),
    ("packaging", "Emballages munis d'une fermeture de sécurité pour enfants"),
    ("packaging", "Envases a prueba de niños para encendedores líquidos"),
    ("chemical-restriction", "Banning lead in cookware glazes"),
    ("chemical-restriction", "Limits of heavy metals in children's jewellery"),
    ("chemical-restriction", "Controls on mercury in lamps"),
    ("chemical-restriction", "Prohibition of PFAS in ski wax"),
    ("chemical-restriction", "儿童用品中重金属的限量"),
    ("chemical-restriction", "禁止玩具使用增塑剂"),
    ("chemical-restriction", "Limitation du cadmium dans les bijoux"),
    ("chemical-restriction", "Substances interdites dans les produits textiles"),
    ("chemical-restriction", "Límite de plomo en pinturas"),
    ("chemical-restriction", "Control de sustancias químicas prohibidas en juguetes"),
    ("energy-efficiency", "Minimum efficiency of induction motors"),
    ("energy-efficiency", "Star rating of ceiling fans"),
    ("energy-efficiency", "Electricity consumption of set-top boxes in standby"),
    ("energy-efficiency", "电风扇能源效率等级"),
    ("energy-efficiency", "热水器能耗限额"),
    ("energy-efficiency", "Performance énergétique des chauffe-eau"),
    ("energy-efficiency", "Etiquetado de eficiencia energética de ventiladores"),
    ("energy-efficiency", "Desempeño energético de refrigeradores"),
    ("recall", "Corrective action: hair dryers may overheat"),
    ("recall", "XY 牌儿童推车召回"),
    ("recall", "Rappel de poussettes de la marque Alba"),
    ("recall", "Retiro de secadores de pelo por riesgo de incendio"),
    ("import-ban", "Import of used tyres prohibited"),
    ("import-ban", "Phasing out the sale of mercury thermometers"),
    ("import-ban", "不准进口旧轮胎"),
    ("import-ban", "Mise sur le marché de pailles en plastique interdite"),
    ("import-ban", "Se prohíbe la comercialización de pitillos plásticos"),
    ("registration", "Listing of cosmetic products before sale"),
    ("registration", "Pre-market authorisation of novel foods"),
    ("registration", "农药产品登记办法"),
    ("registration", "Enregistrement préalable des produits cosmétiques"),
    ("registration", "Registro de plaguicidas de uso doméstico"),
    ("testing-method", "Textiles: procedure for measuring colour fastness"),
    ("testing-method", "Guidance on testing of sunscreens"),
    ("testing-method", "玩具燃烧性能试验"),
    ("testing-method", "Textiles - Méthodes d'essais de solidité"),
    ("testing-method", "Métodos de ensayos para baldosas"),
    ("maximum-residue", "Tolerances for pesticide chemicals in or on grapes"),
    ("maximum-residue", "Maximum levels for cadmium in cocoa"),
    ("maximum-residue", "大米中镉的限量"),
    ("maximum-residue", "Teneurs maximales en aflatoxines dans les arachides"),
    ("maximum-residue", "Niveles máximos de cadmio en cacao"),
    ("metrology", "Verification of fuel dispensers"),
    ("metrology", "电能表检定"),
    ("metrology", "Vérification des compteurs d'eau"),
    ("metrology", "Verificación de medidores de agua"),
    ("safety", "Safety of household ladders"),
    ("safety", "燃气灶安全"),
    ("safety", "Sécurité des échelles"),
    ("safety", "Prescripciones de seguridad para escaleras"),
    ("emc-radio", "Technical conditions for wireless microphones"),
    ("emc-radio", "Equipment authorization of RF devices"),
    ("emc-radio", "5G移动终端技术要求"),
    ("emc-radio", "Appareils radio de faible portée"),
    ("emc-radio", "Equipos de corto alcance que usan el espectro radioeléctrico"),
    ("emissions", "Carbon dioxide emissions of trucks"),
    ("emissions", "摩托车排放要求"),
    ("emissions", "Émissions de CO2 des camions"),
    ("emissions", "Emisiones de vehículos pesados"),
    ("recycling-waste", "Collection and treatment of used batteries"),
    ("recycling-waste", "废旧电池回收"),
    ("recycling-waste", "Gestion des déchets de piles"),
    ("recycling-waste", "Gestión de residuos de aparatos eléctricos"),
    ("food-additives", "Permitted colours in confectionery"),
    ("food-additives", "糖果中可用的色素及食用香精"),
    ("food-additives", "Colorants autorisés dans les denrées alimentaires"),
    ("food-additives", "Colorantes permitidos en alimentos"),
    ("quarantine", "Import conditions for fresh mangoes: fruit fly treatment"),
    ("quarantine", "进境水果植物卫生要求"),
    ("quarantine", "Conditions phytosanitaires d'importation des mangues"),
    ("quarantine", "Requisitos sanitarios para la importación de ganado"),
    ("good-practice", "Current good manufacturing requirements for supplements"),
    ("good-practice", "食品生产企业卫生操作规范"),
    ("good-practice", "Pratiques d'hygiène dans les abattoirs"),
    ("good-practice", "Buenas prácticas de almacenamiento"),
    ("quality-specification", "Quality and grading of cashew kernels"),
    ("quality-specification", "腰果仁质量规格"),
    ("quality-specification", "Qualité et classement des noix de cajou"),
    ("quality-specification", "Calidad y clasificación del anacardo"),
    ("cybersecurity", "Security of consumer connectable products: passwords and vulnerability reporting"),
    ("cybersecurity", "物联网设备安全漏洞管理"),
    ("cybersecurity", "Sécurité numérique des objets connectés"),
    ("cybersecurity", "Seguridad informática de dispositivos conectados"),
)


@cache
def _read(title: str) -> Classification:
    return classify(a_measure(**{**NOTHING, "title": title}), shipped())


@pytest.mark.parametrize(("kind", "title"), NOTICES)
def test_the_kind_is_found(kind: str, title: str) -> None:
    """Words that nobody wrote the rules for, in the language of the notifier."""
    assert kind in _read(title).values(Facet.KIND)


@pytest.mark.parametrize(
    ("kinds", "facts"),
    [
        (("labelling", "technical-regulation"), {"title": "Labels of honey", "legal_basis": ("2.9.2",)}),
        (("energy-efficiency", "technical-regulation"), {"title": "电风扇能源效率等级", "legal_basis": ("2.9.2",)}),
        (("technical-regulation", "safety"), {"title": "Safety of ladders", "legal_basis": ("2.9.2",)}),
        (("standard", "technical-regulation"), {"title": "PNS 405:2026 Bolts", "legal_basis": ("2.9.2",)}),
        (("technical-regulation", "energy-efficiency"), {"content_summary": "Saves energy consumption limit"}),
    ],
)
def test_the_narrowest_kind_of_the_title_stands_first(kinds: tuple[str, ...], facts: dict[str, object]) -> None:
    """That it is a technical regulation is true of most; what only a summary names stands behind the article."""
    found = classify(a_measure(**{**NOTHING, "legal_basis": ("2.9.2",), **facts}), shipped())

    assert found.values(Facet.KIND)[:2] == kinds


@pytest.mark.parametrize(
    "title",
    [
        "LED table lamps",
        "Honey",
        "婴儿推车",
        "Bicycle helmets for children",
        "Tuyaux en cuivre",
        "Sillas de oficina",
        "RFID labels on rolls",
        "Single use syringes with needles",
        "空气质量监测站",
        "Broad-spectrum antibiotics",
    ],
)
def test_goods_alone_are_of_no_kind(title: str) -> None:
    """A name of goods says nothing of what is asked of them."""
    assert _read(title).values(Facet.KIND) == ()
