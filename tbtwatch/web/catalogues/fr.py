"""The pages' words in French. A blank before a colon and inside quotation marks is one that does not break."""

from __future__ import annotations

from typing import Final

FRENCH: Final[dict[str, str]] = {
    "site": "tbtwatch",
    "site.line": "Ce que les marchés étrangers changent dans leurs règles techniques",
    "skip": "Aller au contenu",
    "nav.main": "Pages",
    "nav.languages": "Langues",
    "nav.start": "Accueil",
    "nav.search": "Recherche",
    "nav.calendar": "Calendrier",
    "nav.coming": "À venir",
    "nav.mine": "Mes abonnements",
    "foot.what": (
        "D’après les notifications à l’OMC et les publications des autorités. Ceci n’est pas un conseil juridique : "
        "seul le document notifié fait foi ; interrogez votre point d’information national."
    ),
    "foot.as_of": "État au {moment}",
    "of_pages": "Page {page} sur {pages}",
    "previous": "Précédente",
    "next": "Suivante",
    "new_window": "(autre site)",
    "table_behind": "Les chiffres en tableau",
    "not_classified": "non classé",
    "dash": "–",
    "search": "Recherche",
    "search.title": "Rechercher des mesures",
    "search.q": "Mots, code SH ou cote",
    "search.words": "Mots",
    "search.example": "batterie au lithium, 8507.60, G/TBT/N/EU/1024",
    "search.hint": ('Tous les mots doivent figurer. Mettez une expression entre "guillemets" et -mot pour exclure.'),
    "search.more": "Plus de filtres",
    "search.market": "Marché ou groupe",
    "search.area": "Domaine de produits",
    "search.kind": "Type de mesure",
    "search.stage": "Stade",
    "search.hs": "Le code SH commence par",
    "search.ics": "Le code ICS commence par",
    "search.since": "Distribuée depuis le",
    "search.open": "Ouverte aux observations",
    "search.groups": "Groupes de marchés",
    "search.members": "Marchés",
    "search.any": "indifférent",
    "search.sort": "Ordre",
    "sort.relevance": "pertinence",
    "sort.newest": "plus récentes",
    "sort.deadline": "fin du délai d’observations",
    "search.found": "1 mesure|{n} mesures",
    "search.found.of": "sur {of} enregistrées",
    "search.found.open": "1 ouverte aux observations|{n} ouvertes aux observations",
    "search.none": "Aucun résultat",
    "search.none.advice": (
        "Retirez un filtre, employez moins de mots ou essayez une autre langue : les titres restent dans la langue de "
        "la notification."
    ),
    "search.clear": "Tout effacer",
    "search.filters": "Affiner",
    "search.chosen": "Filtres choisis",
    "search.remove": "retirer",
    "search.selected": "choisi",
    "search.show_more": "1 de plus|{n} de plus",
    "search.meant": "Également cherché comme",
    "search.meant.market": "marché {name}",
    "search.meant.area": "domaine de produits {name}",
    "search.meant.hs": "SH {code}",
    "search.meant.exactly": 'Pour ne chercher que les mots, mettez-les entre "guillemets".',
    "search.loosely": "Personne n’écrit {word} d’un seul tenant ; celles-ci en ont les parties.",
    "search.filling": (
        "1 mesure n’est pas encore consultable par la recherche.|"
        "{n} mesures ne sont pas encore consultables par la recherche."
    ),
    "search.results": "Mesures trouvées",
    "search.to_filters": "Aller aux filtres",
    "facet.market": "Marché",
    "facet.area": "Domaine de produits",
    "facet.kind": "Type",
    "facet.stage": "Stade",
    "facet.hs": "Chapitre du SH",
    "facet.ics": "Domaine ICS",
    "list.deadline": "Observations jusqu’au",
    "list.market": "Marché",
    "list.measure": "Mesure",
    "list.areas": "Domaines de produits",
    "list.stage": "Stade",
    "list.distributed": "Dernier document",
    "list.inferred": "déduit",
    "start.title": "Qu’est-ce qui change à l’étranger pour votre produit ?",
    "start.new": "Nouveau",
    "start.closing": "Bientôt clos aux observations",
    "start.all_new": "Toutes, de la plus récente à la plus ancienne",
    "start.all_closing": "Toutes celles qui sont ouvertes aux observations",
    "start.areas": "Par domaine de produits",
    "start.empty": "Rien n’est encore enregistré. Dès qu’une première source aura été lue, ce sera ici.",
    "start.none_closing": "Aucun délai d’observations n’est en cours.",
    "start.count": "1 mesure|{n} mesures",
    "start.sources": "d’une source|de {n} sources",
    "measure.facts": "Faits",
    "measure.todo": "Qui doit faire quoi, et pour quand",
    "measure.todo.who": "Qui",
    "measure.todo.what": "Quoi",
    "measure.todo.when": "Pour quand",
    "measure.todo.how": "D’où vient cette date",
    "measure.todo.left": "Reste",
    "measure.todo.none": "Aucune date n’est connue.",
    "who.you": "Vous, l’exportateur",
    "who.enquiry": "Votre point d’information national",
    "who.market": "L’autorité compétente ({market})",
    "who.all": "Quiconque y vend",
    "what.act_by": "remettre vos observations",
    "what.comment_deadline": "transmettre les observations au marché",
    "what.proposed_adoption": "prévoit de l’adopter",
    "what.adopted_on": "l’a adoptée",
    "what.published_on": "l’a publiée",
    "what.proposed_entry_into_force": "être en conformité, si elle entre en vigueur comme prévu",
    "what.in_force_on": "être en conformité : elle entre en vigueur",
    "what.transition": "être en conformité sans exception : une période transitoire prend fin",
    "how.buffer": (
        "le délai moins 1 jour dont le point d’information a besoin|"
        "le délai moins {n} jours dont le point d’information a besoin"
    ),
    "how.classified": "lu dans le texte par une règle : {words}",
    "left.days": "1 jour|{n} jours",
    "left.today": "aujourd’hui",
    "left.over": "passé",
    "measure.timeline": "Ce qui s’est passé",
    "measure.timeline.newest": "Le plus récent d’abord.",
    "measure.was": "avant",
    "measure.is": "maintenant",
    "measure.diff": "Changements dans le texte : {field}",
    "diff.removed": "supprimé :",
    "diff.added": "ajouté :",
    "diff.end": "fin.",
    "diff.skipped": "… {n} mots inchangés …",
    "diff.long": "Les textes sont trop longs pour être comparés ici.",
    "measure.no_change": "Aucun des faits que nous suivons n’a changé.",
    "measure.evidence": "Pourquoi elle est classée ainsi",
    "measure.evidence.what": "Trouvé",
    "measure.evidence.grade": "Degré de certitude",
    "measure.evidence.why": "Repose sur",
    "measure.evidence.rule": "règle {rule}",
    "measure.evidence.in": "dans {field}",
    "measure.evidence.none": "Aucune règle ne dit de quoi il s’agit.",
    "measure.documents": "Documents",
    "measure.documents.none": "Aucun document n’est lié.",
    "measure.read": "1 page lue sur {all}|{n} pages lues sur {all}",
    "measure.sources": "D’où cela vient",
    "measure.sources.stated": "Dernier changement",
    "measure.sources.checked": "Dernier contrôle",
    "measure.never": "jamais depuis",
    "measure.missing": (
        "Le document {symbol} n’est pas enregistré ici. Voici la mesure à laquelle sa cote le rattache."
    ),
    "measure.symbols": "Cotes",
    "measure.notified_by": "Notifiée par",
    "measure.demands": "Ce qu’elle exige",
    "measure.text": "Texte",
    "measure.text.further": "Ajouté par des documents ultérieurs",
    "measure.more_text": "Tout afficher",
    "type.regular": "notification",
    "type.addendum": "addendum",
    "type.corrigendum": "corrigendum",
    "type.revision": "révision",
    "type.supplement": "supplément",
    "facet_name.market": "Groupe de marchés",
    "facet_name.affected": "Marché concerné",
    "facet_name.hs": "Code SH",
    "facet_name.ics": "Code ICS",
    "facet_name.kind": "Type",
    "facet_name.stage": "Stade",
    "facet_name.urgency": "Urgence",
    "facet_name.objective": "Objectif",
    "facet_name.scheme": "Certification ou marque",
    "facet_name.duty": "Obligation",
    "facet_name.standard": "Norme",
    "facet_name.transition": "Fin d’une période transitoire",
    "facet_name.area": "Domaine de produits",
    "missing.title": "Cette mesure n’est pas ici",
    "missing.symbol": "Aucune mesure portant la cote {symbol} n’est enregistrée.",
    "missing.near": "Vouliez-vous dire",
    "missing.search": "La rechercher",
    "lost.title": "Cette page n’existe pas",
    "lost.text": "L’adresse ne mène nulle part. Voici les pages qui existent :",
    "trouble.title": "Pas maintenant",
    "trouble.text": "La base de données ne répond pas pour l’instant. Réessayez dans une minute.",
    "fault.text": "Cette page n’a pas pu être établie. L’erreur est consignée ; les autres pages fonctionnent.",
    "calendar.title": "Échéances de {month}",
    "calendar.heading": "Calendrier des échéances",
    "calendar.previous": "Mois précédent",
    "calendar.next": "Mois suivant",
    "calendar.this": "Ce mois-ci",
    "calendar.what": "Afficher",
    "calendar.all": "toutes les dates",
    "calendar.deadline": "fin du délai d’observations",
    "calendar.adoption": "adoption prévue",
    "calendar.force": "entrée en vigueur",
    "calendar.grid": "Mois",
    "calendar.list": "Jour par jour",
    "calendar.none": "Aucune date connue ne tombe dans ce mois.",
    "calendar.exact": "Seules figurent les dates connues au jour près. Les dates calculées sont signalées.",
    "calendar.more": (
        "1 de plus ces jours-là ; affinez par marché ou domaine de produits.|"
        "{n} de plus ; affinez par marché ou domaine de produits."
    ),
    "calendar.show": "Afficher",
    "calendar.legend": "O fin du délai d’observations, A adoption prévue, V entrée en vigueur",
    "calendar.short.deadline": "O",
    "calendar.short.adoption": "A",
    "calendar.short.force": "V",
    "coming.title": "À venir",
    "coming.lead": "Ce qu’apportent les {n} prochaines semaines, pour autant que le jour soit connu.",
    "coming.weeks": "Par semaine",
    "coming.markets": "Par marché",
    "coming.areas": "Par domaine de produits",
    "coming.map": "Les marchés côte à côte",
    "coming.map.note": (
        "Chaque Membre ou observateur de l’OMC est un carré, classé par région ; un carré ne dit rien de l’étendue ni "
        "des frontières d’un territoire. Plus la couleur est soutenue, plus il y a d’échéances."
    ),
    "coming.week_of": "semaine du {day}",
    "coming.number": "Dates à venir",
    "coming.none": "Rien n’est annoncé pour ces semaines.",
    "coming.bars.desc": "Une barre pour chacun des {n} premiers ; le tableau ci-dessous les donne tous.",
    "coming.weeks.desc": (
        "Une colonne par semaine : délais d’observations, adoptions prévues et entrées en vigueur, superposés."
    ),
    "region.africa": "Afrique",
    "region.americas": "Amériques",
    "region.east-asia": "Asie de l’Est et du Sud-Est",
    "region.south-asia": "Asie du Sud et centrale",
    "region.middle-east": "Moyen-Orient",
    "region.europe": "Europe",
    "region.oceania": "Océanie",
    "passkey.title": "Clés d’accès",
    "passkey.lead": (
        "Avec une clé d’accès, vous vous connectez par l’empreinte, le visage ou le code de votre appareil, sans "
        "attendre de courriel. Le lien par courriel reste possible."
    ),
    "passkey.or": "Ou, si vous avez ajouté une clé d’accès à votre compte :",
    "passkey.sign_in": "Se connecter avec une clé d’accès",
    "passkey.name": "Nom, pour la reconnaître",
    "passkey.column": "Clé d’accès",
    "passkey.unnamed": "sans nom",
    "passkey.made": "Ajoutée",
    "passkey.used": "Dernière utilisation",
    "passkey.never": "jamais",
    "passkey.add": "Ajouter une clé d’accès",
    "passkey.remove": "Retirer",
    "passkey.remove.text": (
        "Une clé d’accès retirée ne connecte plus personne ; supprimez-la aussi sur votre appareil."
    ),
    "passkey.no_script": (
        "Pour en ajouter une, autorisez les scripts de ces pages, dans un navigateur qui connaît les clés d’accès."
    ),
    "passkey.no_place": (
        "Les clés d’accès ne peuvent pas servir ici : les navigateurs ne les gardent que pour une adresse https avec "
        "un nom, que l’exploitant de ce service indique dans TBTWATCH_PUBLIC_URL."
    ),
    "passkey.old": "Vous vous êtes connecté il y a plus d’une heure. Reconnectez-vous pour ajouter une clé d’accès.",
    "passkey.again": "Se reconnecter",
    "passkey.enough": (
        "Vous avez autant de clés d’accès qu’un compte peut en avoir. Retirez-en une pour en ajouter une autre."
    ),
    "passkey.many": (
        "Votre réseau a fait de très nombreuses demandes en quelques minutes. Attendez cinq minutes, ou demandez un "
        "lien par courriel."
    ),
    "passkey.late": ("C’était trop long, ou envoyé deux fois ; rien n’a été ajouté. Appuyez de nouveau sur le bouton."),
    "passkey.refused": "Cette clé d’accès n’a pas été acceptée. Réessayez, ou demandez un lien par courriel.",
    "passkey.not_added": (
        "Cette clé d’accès n’a pas été acceptée ; rien n’a été ajouté. Réessayez, ou avec un autre appareil."
    ),
    "passkey.stopped": (
        "Votre appareil n’a rien répondu : opération annulée, trop longue, ou pas de clé d’accès pour ces pages. Un "
        "lien par courriel convient aussi."
    ),
    "passkey.cancelled": ("Votre appareil n’a rien répondu : opération annulée ou trop longue. Rien n’a été ajouté."),
    "passkey.known": "Cet appareil a déjà une clé d’accès pour votre compte.",
    "passkey.failed": "Cela n’a pas fonctionné. Rechargez la page et recommencez.",
    "own_data.title": "Ce qui est conservé de votre compte",
    "own_data.text": (
        "Votre adresse, vos navigateurs, vos clés d’accès et ce que vous avez fait ici, dans un fichier (JSON)."
    ),
    "own_data.button": "L’emporter",
    "provider.or": "Ou, si vous y avez un compte :",
    "provider.sign_in": "Se connecter avec {name}",
    "provider.going": "Vers {name}",
    "provider.going.text": "Vous vous connectez là-bas et revenez automatiquement.",
    "provider.going.on": "Continuer",
    "provider.away": (
        "Ce service de comptes ne répond pas pour l’instant. Demandez un lien par courriel, ou réessayez plus tard."
    ),
    "provider.late": (
        "Plus de dix minutes ont passé, ou c’était dans un autre navigateur. Appuyez de nouveau sur le bouton."
    ),
    "provider.many": (
        "De très nombreuses connexions sont venues de votre réseau en quelques minutes. Attendez dix minutes, ou "
        "demandez un lien par courriel."
    ),
    "provider.stopped": (
        "Vous n’avez pas autorisé l’usage de ce compte. Appuyez de nouveau, ou demandez un lien par courriel."
    ),
    "provider.refused": "Ce compte n’a pas permis de vous connecter. Réessayez, ou demandez un lien par courriel.",
    "provider.unverified": (
        "Ce compte n’a pas d’adresse électronique vérifiée. Faites-la vérifier là-bas, ou demandez un lien par "
        "courriel."
    ),
    "provider.domain": (
        "Ce compte n’ouvre ces pages qu’aux personnes de l’organisation. Demandez plutôt un lien par courriel."
    ),
}
