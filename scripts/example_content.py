"""The words of the example region: fictional organisations in real places, and what they offer."""

# ruff: noqa: E501 - tables of words read best with a row on a line

from __future__ import annotations

from dataclasses import dataclass

# Place: municipality, latitude, longitude, four digits of the postcode.
PLACES: dict[str, tuple[str, float, float, str]] = {
    "Doetinchem": ("Doetinchem", 51.965, 6.289, "7001"),
    "Gaanderen": ("Doetinchem", 51.931, 6.349, "7011"),
    "Wehl": ("Doetinchem", 51.961, 6.211, "7031"),
    "Winterswijk": ("Winterswijk", 51.972, 6.719, "7101"),
    "Aalten": ("Aalten", 51.925, 6.580, "7121"),
    "Dinxperlo": ("Aalten", 51.864, 6.487, "7091"),
    "Lichtenvoorde": ("Oost Gelre", 51.987, 6.567, "7131"),
    "Groenlo": ("Oost Gelre", 52.042, 6.615, "7141"),
    "Borculo": ("Berkelland", 52.116, 6.522, "7271"),
    "Neede": ("Berkelland", 52.134, 6.614, "7161"),
    "Eibergen": ("Berkelland", 52.100, 6.648, "7151"),
    "Ruurlo": ("Berkelland", 52.088, 6.450, "7261"),
    "Vorden": ("Bronckhorst", 52.104, 6.313, "7251"),
    "Zelhem": ("Bronckhorst", 52.006, 6.348, "7021"),
    "Hengelo (Gld)": ("Bronckhorst", 52.050, 6.308, "7255"),
    "Steenderen": ("Bronckhorst", 52.064, 6.189, "7221"),
    "Terborg": ("Oude IJsselstreek", 51.919, 6.361, "7061"),
    "Silvolde": ("Oude IJsselstreek", 51.910, 6.372, "7064"),
    "Varsseveld": ("Oude IJsselstreek", 51.943, 6.459, "7051"),
    "Ulft": ("Oude IJsselstreek", 51.890, 6.379, "7071"),
    "Gendringen": ("Oude IJsselstreek", 51.873, 6.377, "7081"),
    "'s-Heerenberg": ("Montferland", 51.877, 6.246, "7041"),
    "Zeddam": ("Montferland", 51.903, 6.258, "7038"),
    "Didam": ("Montferland", 51.941, 6.132, "6941"),
    "Zevenaar": ("Zevenaar", 51.930, 6.071, "6901"),
    "Giesbeek": ("Zevenaar", 51.993, 6.067, "6987"),
    "Lobith": ("Zevenaar", 51.862, 6.118, "6915"),
    "Pannerden": ("Zevenaar", 51.890, 6.038, "6911"),
    "Duiven": ("Duiven", 51.946, 6.021, "6921"),
    "Westervoort": ("Westervoort", 51.956, 5.973, "6931"),
    "Doesburg": ("Doesburg", 52.013, 6.137, "6981"),
}

# Primary schools: name, place, how the pupils of groep 5–8 are spread over groups.
PRIMARY: tuple[tuple[str, str, str], ...] = (
    ("Basisschool De Slingerbeuk", "Doetinchem", "5A 5B 6 7 8"),
    ("Kindcentrum Het Kwikzand", "Doetinchem", "5 6 7A 7B 8"),
    ("Basisschool De Oeverloper", "Doetinchem", "5/6 7 8"),
    ("Montessorischool De Kastanjehof", "Doetinchem", "5/6 7/8A 7/8B"),
    ("Basisschool Het Wagenspoor", "Gaanderen", "5/6 7/8"),
    ("Basisschool De Broekhoeve", "Wehl", "5 6 7 8A 8B"),
    ("Basisschool De Steengroeve", "Winterswijk", "5 6A 6B 7 8"),
    ("Kindcentrum De Vlierhof", "Winterswijk", "5 6 7A 7B 8"),
    ("Basisschool De Korenwolf", "Winterswijk", "5/6 7/8"),
    ("Basisschool De Slingebron", "Aalten", "5 6 7 8A 8B"),
    ("Basisschool Het Hakhout", "Aalten", "5 6 7 8"),
    ("Basisschool De Grensboom", "Dinxperlo", "5/6 7/8"),
    ("Basisschool De Keienakker", "Lichtenvoorde", "5 6 7A 7B 8"),
    ("Kindcentrum De Zwarte Ooievaar", "Lichtenvoorde", "5/6 7/8"),
    ("Basisschool De Vestingwal", "Groenlo", "5 6 7 8A 8B"),
    ("Basisschool De Kanonskogel", "Groenlo", "5/6 7/8"),
    ("Basisschool De Berkelbocht", "Borculo", "5 6 7 8"),
    ("Basisschool De Needse Heuvel", "Neede", "5/6 7/8"),
    ("Basisschool Het Weefgetouw", "Neede", "5/6/7/8"),
    ("Basisschool De Bergeik", "Eibergen", "5 6 7 8"),
    ("Basisschool Het Doolhofpad", "Ruurlo", "5/6 7/8"),
    ("Basisschool De Kasteelgaard", "Vorden", "5/6 7/8"),
    ("Daltonschool De Watermolen", "Vorden", "5/6/7 7/8"),
    ("Basisschool De Zelhemse Es", "Zelhem", "5 6 7A 7B 8"),
    ("Basisschool De Paardenmarkt", "Hengelo (Gld)", "5/6 7/8"),
    ("Basisschool De IJsseldijk", "Steenderen", "5/6 7/8"),
    ("Basisschool Het Wisselspoor", "Terborg", "5/6 7/8"),
    ("Kindcentrum De Paasbult", "Silvolde", "5 6 7 8"),
    ("Basisschool De Kleine Aa", "Varsseveld", "5 6 7 8"),
    ("Basisschool De Gietkroes", "Ulft", "5 6 7 8A 8B"),
    ("Basisschool De Klompendans", "Gendringen", "5/6 7/8"),
    ("Basisschool De Bergherbos", "'s-Heerenberg", "5 6 7 8"),
    ("Basisschool Het Molenpad", "Zeddam", "5/6/7/8"),
    ("Basisschool De Albertshoeve", "Didam", "5 6 7A 7B 8"),
    ("Kindcentrum De Meulenvelden", "Didam", "5/6 7/8"),
    ("Basisschool De Tichelkade", "Zevenaar", "5 6A 6B 7 8"),
    ("Basisschool Het Grietplein", "Zevenaar", "5 6 7A 7B 8"),
    ("Basisschool De Zandplas", "Giesbeek", "5/6 7/8"),
    ("Basisschool De Tolkade", "Lobith", "5/6 7/8"),
    ("Basisschool De Waalsteen", "Pannerden", "5/6/7/8"),
    ("Basisschool De Ploen", "Duiven", "5 6 7A 7B 8"),
    ("Kindcentrum Het Horsterveld", "Duiven", "5 6 7 8A 8B"),
    ("Basisschool De Liemerse Waard", "Westervoort", "5 6 7 8A 8B"),
    ("Basisschool De Hanzepoort", "Doesburg", "5 6 7 8"),
)

# Secondary schools: name, place, type, classes.
SECONDARY: tuple[tuple[str, str, str, str], ...] = (
    ("Oude IJssel College", "Doetinchem", "vmbo/havo/vwo", "1A 1B 2A 2B 3H 3T"),
    ("Vakcollege De Werkplaats", "Doetinchem", "vmbo", "1K 1T 2K 2T 3T"),
    ("Slinge Lyceum", "Winterswijk", "havo/vwo", "1H 1V 2H 2V"),
    ("Vakschool Het Grensland", "Winterswijk", "vmbo", "1B 2B 3B"),
    ("Hamaland College", "Lichtenvoorde", "vmbo/havo", "1A 1B 2A 2B 3M"),
    ("Berkelstroom College", "Eibergen", "vmbo/havo", "1A 2A 2T 3T"),
    ("Lyceum De Driespan", "Aalten", "havo/vwo", "1A 2A"),
    ("Vakcollege De Smederij", "Terborg", "vmbo/pro", "1P 2P 3P"),
    ("Liemers Lyceum De Landeweer", "Zevenaar", "havo/vwo", "1A 2A 2B"),
    ("Praktijkcollege De Rijnwaard", "Duiven", "vmbo/pro", "1P 2P"),
)

# Special schools: name, place, type, groups with levels and pupils.
SPECIAL: tuple[tuple[str, str, str, tuple[tuple[str, str, int], ...]], ...] = (
    ("De Ankerplaats", "Doetinchem", "sbo", (("Bovenbouw A", "7/8", 14), ("Bovenbouw B", "7/8", 13))),
    ("De Korhoenders", "Winterswijk", "sbo", (("Middenbouw", "5/6", 13), ("Bovenbouw", "7/8", 15))),
    ("De Veerstoep", "Zevenaar", "sbo", (("Bovenbouw", "7/8", 14), ("Middenbouw", "5/6", 12))),
    ("De Driesprong Oost", "Doetinchem", "so", (("Zwaluwen", "6/7", 8), ("Valken", "7/8", 9))),
    ("De Bremstruik", "Didam", "so", (("Groen", "5/6", 7), ("Blauw", "7/8", 8))),
    (
        "De Kruisboog",
        "Lichtenvoorde",
        "vso",
        (("Leerroute 1", "klas 1/2", 10), ("Leerroute 2", "klas 2/3", 11)),
    ),
)


@dataclass(frozen=True)
class ExampleHost:
    """A host: code, name, kind as in the sheet, branches, place, slots per day."""

    code: str
    name: str
    kind: str
    branches: str
    place: str
    per_day: int = 1


HOSTS: tuple[ExampleHost, ...] = (
    ExampleHost("T01", "Technieklokaal De Vonk", "technieklokaal", "onderwijs", "Doetinchem", 2),
    ExampleHost("T02", "Technieklokaal Het Tandwiel", "technieklokaal", "onderwijs", "Winterswijk", 2),
    ExampleHost("T03", "Technieklokaal De Werkbank", "technieklokaal", "onderwijs", "Lichtenvoorde", 2),
    ExampleHost("T04", "Technieklokaal De Katrol", "technieklokaal", "onderwijs", "Borculo", 2),
    ExampleHost("T05", "Technieklokaal De Passer", "technieklokaal", "onderwijs", "Hengelo (Gld)", 2),
    ExampleHost("T06", "Technieklokaal De Schroefdraad", "technieklokaal", "onderwijs", "Ulft", 2),
    ExampleHost("T07", "Technieklokaal Het Waterrad", "technieklokaal", "onderwijs", "Didam", 2),
    ExampleHost("T08", "Technieklokaal De Magneet", "technieklokaal", "onderwijs", "Zevenaar", 2),
    ExampleHost("S01", "Ontdekcentrum De Smeltkroes", "science center", "onderwijs; metaal", "Ulft", 3),
    ExampleHost("M01", "Mobiel lab De Vindingrijk", "mobiel lab", "onderwijs; IT", "Doetinchem", 2),
    ExampleHost(
        "D01", "Stichting Techniekdagen Oude IJssel en Rijn", "techniekdag", "onderwijs", "Doetinchem", 40
    ),
    ExampleHost("W01", "Robottoernooi Grensland", "wedstrijd", "IT; onderwijs", "Lichtenvoorde"),
    ExampleHost("O01", "Opleidingsbedrijf De Leerwerf", "opleidingsbedrijf", "bouw", "Doetinchem"),
    ExampleHost(
        "O02", "Opleidingsbedrijf De Meetlat", "opleidingsbedrijf", "energie; installatie", "Zevenaar"
    ),
    ExampleHost("B01", "Hazelhorst Machinebouw", "bedrijf", "metaal", "Doetinchem"),
    ExampleHost("B02", "Steenbeek Verspaning", "bedrijf", "metaal", "Varsseveld"),
    ExampleHost("B03", "Zwanenbroek Lastechniek", "bedrijf", "metaal", "Groenlo"),
    ExampleHost("B04", "Gieterij De Roodgloed", "bedrijf", "metaal", "Terborg"),
    ExampleHost("B05", "Kleiakker Plaatwerk", "bedrijf", "metaal", "Duiven"),
    ExampleHost("B06", "Eikenbos Tuinmachines", "bedrijf", "metaal", "Zelhem"),
    ExampleHost("B07", "Boterdijk Precisiedelen", "bedrijf", "metaal; hightech", "Winterswijk"),
    ExampleHost("B08", "Bouwbedrijf De Oude Kolk", "bedrijf", "bouw", "Aalten"),
    ExampleHost("B09", "Houtbouw Lindeboomgaard", "bedrijf", "bouw", "Ruurlo"),
    ExampleHost("B10", "Wegenbouw Zandpad", "bedrijf", "bouw; infra", "Doesburg"),
    ExampleHost("B11", "Restauratiewerkplaats De Hoeksteen", "bedrijf", "bouw", "Vorden"),
    ExampleHost("B12", "Prefab Rivierklei", "bedrijf", "bouw", "Lobith"),
    ExampleHost("B13", "Schildersbedrijf Kleurstreek", "bedrijf", "bouw", "Eibergen"),
    ExampleHost("B14", "Zonnepark Achter de Es", "bedrijf", "energie", "Zelhem"),
    ExampleHost("B15", "Warmtepompen Noorderwind", "bedrijf", "energie; installatie", "Lichtenvoorde"),
    ExampleHost("B16", "Groen Gas Boerderij De Vergister", "bedrijf", "energie; agrofood", "Aalten"),
    ExampleHost("B17", "Installatietechniek Koperdraad", "bedrijf", "energie; installatie", "Westervoort"),
    ExampleHost("B18", "Zuivelmakerij De Melkweide", "bedrijf", "agrofood", "Borculo"),
    ExampleHost("B19", "Kas en Kweek Rijnstrangen", "bedrijf", "agrofood", "Zevenaar"),
    ExampleHost("B20", "Bakkerij De Gouden Aar", "bedrijf", "agrofood", "Neede"),
    ExampleHost("B21", "Melkveebedrijf Het Robotveld", "bedrijf", "agrofood", "Hengelo (Gld)"),
    ExampleHost("B22", "Vleeswaren Proeflokaal Grenszicht", "bedrijf", "agrofood", "Dinxperlo"),
    ExampleHost("B23", "Distributiecentrum Rijnhaven Oost", "bedrijf", "logistiek", "Duiven"),
    ExampleHost("B24", "Transport Bergherwegen", "bedrijf", "logistiek", "'s-Heerenberg"),
    ExampleHost("B25", "Magazijn De Lange Stelling", "bedrijf", "logistiek", "Didam"),
    ExampleHost("B26", "Kringloop en Reparatie De Tweede Ronde", "bedrijf", "logistiek; circulair", "Wehl"),
    ExampleHost("B27", "Softwarebureau Nulpunt", "bedrijf", "IT", "Doetinchem"),
    ExampleHost("B28", "Spelontwikkelaar Pixelboerderij", "bedrijf", "IT", "Winterswijk"),
    ExampleHost("B29", "Dronebedrijf De Torenvalk", "bedrijf", "IT; agrofood", "Steenderen"),
    ExampleHost("B30", "Datacentrum De Koele Kelder", "bedrijf", "IT", "Zevenaar"),
    ExampleHost("B31", "Medische Techniek Hartslag", "bedrijf", "IT; hightech", "Gaanderen"),
)


@dataclass(frozen=True)
class ExampleActivity:
    """An activity with its texts, and how many slots it has in the first and second round."""

    code: str
    host: str
    kind: str
    title: str
    levels: str
    pupils: tuple[int, int]
    minutes: int
    slots: tuple[int, int]
    description: str
    practical: str
    groups: int = 1
    min_groups: int = 0
    range_km: int | None = None


_LOKAAL = (
    "Meld u bij de ingang met het gele tandwiel. Neem per vijf leerlingen één begeleider mee."
    " Materiaal, schorten en veiligheidsbrillen liggen klaar."
)
_BEDRIJF = (
    "Meld u bij de receptie. Dichte schoenen zijn verplicht; helmen en hesjes krijgt u van ons."
    " Er gaan minstens twee begeleiders mee."
)

ACTIVITIES: tuple[ExampleActivity, ...] = (
    # Technieklokalen
    ExampleActivity(
        "A01",
        "T01",
        "technieklokaal",
        "Bouw een brug die een auto houdt",
        "5 t/m 8",
        (8, 30),
        120,
        (4, 6),
        "Hoe kan een brug van karton een gewicht van tien kilo dragen? In groepjes tekenen, bouwen en testen"
        " leerlingen hun eigen brug. Zij ontdekken waarom driehoeken zo sterk zijn en verbeteren hun ontwerp"
        " na elke proef. Aan het eind gaat de zwaarste testauto eroverheen.",
        _LOKAAL + " De bruggen mogen mee naar school.",
    ),
    ExampleActivity(
        "A02",
        "T01",
        "technieklokaal",
        "Van schets naar 3D-print",
        "7/8",
        (8, 28),
        120,
        (1, 4),
        "Leerlingen ontwerpen een sleutelhanger op de computer en zien hoe de printer hem laagje voor laagje"
        " maakt. Zij leren meten in millimeters, denken vooruit en lossen op wat er misgaat.",
        _LOKAAL + " De prints komen een week later per post naar school.",
    ),
    ExampleActivity(
        "A03",
        "T02",
        "technieklokaal",
        "Stroom doet het",
        "5 t/m 8",
        (8, 30),
        120,
        (4, 6),
        "Met batterijen, draad en lampjes bouwen leerlingen een zenuwspiraal die echt werkt. Wie klaar is,"
        " voegt een zoemer toe of maakt een schakelaar van aluminiumfolie. Fouten zoeken hoort erbij: waarom"
        " brandt het lampje niet?",
        _LOKAAL,
    ),
    ExampleActivity(
        "A04",
        "T02",
        "technieklokaal",
        "Solderen voor beginners",
        "7/8",
        (8, 24),
        105,
        (1, 3),
        "Leerlingen solderen een knipperende badge. Zij leren veilig omgaan met de soldeerbout, lezen een"
        " eenvoudig schema en nemen hun eigen werkstuk mee naar huis.",
        _LOKAAL + " Lange haren graag vast.",
    ),
    ExampleActivity(
        "A05",
        "T03",
        "technieklokaal",
        "Robots de weg wijzen",
        "5 t/m 8",
        (8, 30),
        105,
        (4, 6),
        "Een robot doet precies wat je zegt, en dat is lastiger dan het lijkt. Leerlingen programmeren een"
        " kleine robot door een doolhof van hout. Zij werken in tweetallen en wisselen van rol: de een denkt,"
        " de ander typt.",
        _LOKAAL + " Ervaring met programmeren is niet nodig.",
    ),
    ExampleActivity(
        "A06",
        "T03",
        "technieklokaal",
        "Hijsen met katrollen",
        "5 t/m 7",
        (8, 30),
        105,
        (1, 3),
        "Kun jij je juf of meester optillen? Met touwen, katrollen en een stevig balkenframe lukt het."
        " Leerlingen meten hoeveel kracht zij besparen en tekenen op hoe hun takel werkt.",
        _LOKAAL,
    ),
    ExampleActivity(
        "A07",
        "T04",
        "technieklokaal",
        "Watermolens aan de Berkel",
        "5 t/m 8",
        (8, 30),
        120,
        (4, 5),
        "Leerlingen maken een waterrad en kijken welke schoepen het meeste werk verzetten. In de waterbak"
        " hijsen zij een emmer omhoog met niets dan stromend water. Zo wordt duidelijk waarom hier al eeuwen"
        " molens staan.",
        _LOKAAL + " Kleding kan nat worden.",
    ),
    ExampleActivity(
        "A08",
        "T05",
        "technieklokaal",
        "Hout, zaag en houtverbinding",
        "6 t/m 8",
        (8, 26),
        120,
        (4, 5),
        "Meten, aftekenen, zagen, passen: leerlingen maken een pennenbak met een echte houtverbinding."
        " Zij werken met handgereedschap en leren dat nauwkeurig beginnen tijd bespaart.",
        _LOKAAL + " De pennenbak gaat mee naar huis.",
    ),
    ExampleActivity(
        "A09",
        "T06",
        "technieklokaal",
        "Gieten in zand",
        "6 t/m 8",
        (8, 28),
        120,
        (4, 5),
        "In deze streek werd eeuwenlang ijzer gegoten. Leerlingen maken zelf een mal van zand en gieten een"
        " medaille van tin. Zij zien hoe vast vloeibaar wordt en weer vast, en werken hun gietstuk af met"
        " vijl en schuurpapier.",
        _LOKAAL + " Het gieten zelf doet onze begeleider.",
    ),
    ExampleActivity(
        "A10",
        "T06",
        "technieklokaal",
        "Maak een knikkerbaan met ritme",
        "5 t/m 7",
        (8, 30),
        105,
        (1, 3),
        "Een knikker die precies tien seconden onderweg is, lukt dat? Leerlingen bouwen, klokken en"
        " verbeteren hun baan en vergelijken wat helling, bochten en wrijving doen.",
        _LOKAAL,
    ),
    ExampleActivity(
        "A11",
        "T07",
        "technieklokaal",
        "Zonneauto's op de baan",
        "5 t/m 8",
        (8, 30),
        120,
        (4, 5),
        "Met een zonnepaneel, een motortje en vier wielen bouwen leerlingen een auto zonder batterij. Op de"
        " testbaan onder de lampen blijkt welk ontwerp het snelst is, en waarom licht bouwen loont.",
        _LOKAAL,
    ),
    ExampleActivity(
        "A12",
        "T08",
        "technieklokaal",
        "Onzichtbare krachten",
        "5 t/m 8",
        (8, 30),
        105,
        (4, 6),
        "Magneten trekken, duwen en laten dingen zweven. Leerlingen doen acht korte proeven en bouwen daarna"
        " zelf een elektromagneet waarmee zij schroot sorteren, net als op de sloperij.",
        _LOKAAL,
    ),
    ExampleActivity(
        "A13",
        "T08",
        "technieklokaal",
        "Techniek op maat voor kleine groepen",
        "5 t/m 8",
        (5, 16),
        90,
        (1, 3),
        "Een rustige les voor kleine groepen uit het speciaal onderwijs. Twee begeleiders, korte opdrachten,"
        " veel doen. Leerlingen bouwen een lamp met een eigen kap en nemen hem mee naar huis.",
        _LOKAAL + " Bel ons gerust vooraf over wat uw groep nodig heeft.",
    ),
    # Science centre
    ExampleActivity(
        "A14",
        "S01",
        "science center",
        "De hele fabriek in één ochtend",
        "5 t/m 8",
        (8, 32),
        150,
        (5, 8),
        "In de oude gieterij staan veertig proefopstellingen die leerlingen zelf bedienen: van een hefboom"
        " van vijf meter tot een hand die wordt bestuurd met spierspanning. Met een opdrachtkaart gaan zij"
        " in tweetallen op onderzoek. We sluiten samen af bij de smeltoven.",
        "Verzamelen bij de rode poort. Eén begeleider per zes leerlingen. Er is een ruimte om te lunchen.",
        groups=2,
    ),
    ExampleActivity(
        "A15",
        "S01",
        "science center",
        "Bouw een slimme stad",
        "klas 1/2",
        (10, 32),
        150,
        (2, 4),
        "Klassen verdelen de rollen van een stad: energie, water, vervoer en wonen. Met sensoren en kleine"
        " computers maken zij een maquette die op zichzelf reageert. Aan het eind pitcht elk team zijn"
        " oplossing.",
        "Verzamelen bij de rode poort. Eén docent per klas. Laptops zijn aanwezig.",
        groups=2,
    ),
    # Mobile lab
    ExampleActivity(
        "A16",
        "M01",
        "les op school",
        "Het lab komt op het schoolplein",
        "5 t/m 8",
        (6, 32),
        120,
        (4, 8),
        "Een vrachtwagen vol techniek rijdt het schoolplein op. Aan zes werkplekken lassen leerlingen met"
        " een simulator, besturen zij een robotarm en meten zij hoe warm hun lokaal wordt. Ieder groepje"
        " doet drie werkplekken.",
        "Nodig: vijf bij vijftien meter vlakke grond en een stopcontact. Onze bus is er een half uur vooraf.",
        range_km=25,
    ),
    ExampleActivity(
        "A17",
        "M01",
        "les op school",
        "Programmeren zonder scherm",
        "5/6",
        (6, 32),
        90,
        (1, 4),
        "Leerlingen zijn zelf de computer. Met kaarten, touw en een groot rooster op de vloer ontdekken zij"
        " wat een lus, een keuze en een fout in een programma is. Daarna begrijpen zij elke robot.",
        "Nodig: een speellokaal of aula. Materiaal nemen wij mee.",
        range_km=20,
    ),
    # Techniekdag, a carousel
    ExampleActivity(
        "A18",
        "D01",
        "techniekdag",
        "Techniekdag: metselen en meten",
        "5 t/m 8",
        (6, 32),
        45,
        (3, 3),
        "Onderdeel van de Techniekdag. Met echte stenen en snelle specie metselen leerlingen een muurtje dat"
        " waterpas moet zijn. Een vakman laat zien hoe je recht houdt wat uit zichzelf scheef wil.",
        "De Techniekdag is een rondgang: uw groep kan meer onderdelen doen. Meld u bij de infotent.",
        groups=2,
    ),
    ExampleActivity(
        "A19",
        "D01",
        "techniekdag",
        "Techniekdag: tillen met de brandweer",
        "5 t/m 8",
        (6, 32),
        45,
        (3, 3),
        "Onderdeel van de Techniekdag. Hoe til je een wrak op zonder kraan? Met hefkussens, hydraulische"
        " schaar en gezond verstand. Leerlingen bedienen de kussens zelf.",
        "De Techniekdag is een rondgang: uw groep kan meer onderdelen doen. Meld u bij de infotent.",
        groups=2,
    ),
    ExampleActivity(
        "A20",
        "D01",
        "techniekdag",
        "Techniekdag: proeven met lucht en water",
        "5 t/m 8",
        (6, 32),
        45,
        (3, 3),
        "Onderdeel van de Techniekdag. Raketten op waterdruk, een fontein zonder pomp en een duiker in een"
        " fles. Leerlingen voorspellen eerst en kijken dan of het klopt.",
        "De Techniekdag is een rondgang: uw groep kan meer onderdelen doen. Neem een jas mee.",
        groups=2,
    ),
    ExampleActivity(
        "A21",
        "D01",
        "techniekdag",
        "Techniekdag: wie bouwt de hoogste toren?",
        "5 t/m 8",
        (6, 32),
        45,
        (3, 3),
        "Onderdeel van de Techniekdag. Twintig latten, tien bouten, één kwartier. Elk team bedenkt een plan"
        " en bouwt een toren die een ventilator op stand drie overleeft.",
        "De Techniekdag is een rondgang: uw groep kan meer onderdelen doen. Meld u bij de infotent.",
        groups=2,
    ),
    # Competition and training companies
    ExampleActivity(
        "A22",
        "W01",
        "wedstrijd",
        "Robottoernooi: één missie, vier ronden",
        "6 t/m 8",
        (6, 30),
        240,
        (1, 2),
        "Teams van zes leerlingen laten hun robot een missie uitvoeren op een speelveld van twee bij één"
        " meter. Tussen de ronden door verbeteren zij hun programma en presenteren zij hun onderzoek aan een"
        " jury van mensen uit de techniek.",
        "Vooraf krijgt uw groep een leskist en een online uitleg. Lunch meenemen. Ouders mogen komen kijken.",
        groups=6,
        min_groups=3,
    ),
    ExampleActivity(
        "A23",
        "O01",
        "workshop",
        "Een dag als bouwvakker",
        "klas 1 t/m 3",
        (8, 24),
        180,
        (1, 3),
        "In onze praktijkhal metselen, timmeren en tegelen leerlingen onder begeleiding van leermeesters en"
        " leerlingen die het vak nu leren. Zij vragen die alles wat zij willen weten: van salaris tot spierpijn.",
        _BEDRIJF,
    ),
    ExampleActivity(
        "A24",
        "O02",
        "workshop",
        "Sluit je eigen meterkast aan",
        "klas 1 t/m 3",
        (8, 24),
        180,
        (1, 3),
        "Leerlingen bouwen een groepenkast op een oefenwand, meten spanning en zoeken een storing die wij"
        " hebben verstopt. Veilig, want alles draait op laagspanning.",
        _BEDRIJF,
    ),
    # Metal
    ExampleActivity(
        "A25",
        "B01",
        "bedrijfsbezoek",
        "Hoe een machine van veertig ton ontstaat",
        "7/8, klas 1/2",
        (10, 30),
        105,
        (1, 2),
        "Van tekening tot reuzenmachine: leerlingen volgen het spoor van één onderdeel door onze hallen."
        " Bij vier haltes doen zij zelf iets: meten met een schuifmaat, een bout aandraaien op kracht, een"
        " robotarm verplaatsen en een fout zoeken op tekening.",
        _BEDRIJF,
    ),
    ExampleActivity(
        "A26",
        "B02",
        "bedrijfsbezoek",
        "Een honderdste millimeter",
        "7/8, klas 1/2",
        (10, 28),
        105,
        (1, 2),
        "Een haar is dikker dan de fout die wij mogen maken. Leerlingen meten hun eigen haar, zien"
        " draaibanken spaan na spaan wegnemen en krijgen een tol mee die zij zelf hebben afgesteld.",
        _BEDRIJF,
    ),
    ExampleActivity(
        "A27",
        "B03",
        "bedrijfsbezoek",
        "Lassen: lijm van vuur",
        "7/8, klas 1 t/m 3",
        (8, 26),
        105,
        (1, 2),
        "Achter lasgordijnen zien leerlingen hoe twee stukken staal één worden. Op de simulator proberen zij"
        " een rechte naad te leggen; de computer geeft een cijfer. In de werkplaats vertellen lassers wat zij"
        " maken en waarom het nooit saai is.",
        _BEDRIJF,
    ),
    ExampleActivity(
        "A28",
        "B04",
        "bedrijfsbezoek",
        "Vloeibaar ijzer",
        "7/8, klas 1/2",
        (10, 28),
        105,
        (1, 2),
        "Bij 1.400 graden stroomt ijzer als water. Vanaf het bordes kijken leerlingen naar een gietbeurt."
        " Daarna kloppen zij zelf een afgekoeld gietstuk uit het zand en zoeken zij het rond af.",
        _BEDRIJF + " Geen kleding van kunststof, vanwege de warmte.",
    ),
    ExampleActivity(
        "A29",
        "B05",
        "bedrijfsbezoek",
        "Vouwen met staal",
        "5 t/m 8",
        (10, 30),
        90,
        (1, 3),
        "Wat je met papier kunt, kunnen wij met staal. Leerlingen vouwen eerst een doosje van karton en zien"
        " dan de kantbank hetzelfde doen met een plaat van drie millimeter. De laser snijdt hun naam uit.",
        _BEDRIJF,
    ),
    ExampleActivity(
        "A30",
        "B06",
        "bedrijfsbezoek",
        "Haal een grasmaaier uit elkaar",
        "6 t/m 8",
        (8, 26),
        105,
        (1, 3),
        "Onder de kap van een maaier zit meer techniek dan je denkt. In viertallen halen leerlingen een motor"
        " uit elkaar, leggen zij de onderdelen op volgorde en zetten zij hem weer in elkaar. Start hij?",
        _BEDRIJF + " Oude kleren zijn handig.",
    ),
    ExampleActivity(
        "A31",
        "B07",
        "bedrijfsbezoek",
        "Onderdelen voor de ruimtevaart",
        "8, klas 1 t/m 3",
        (10, 26),
        105,
        (1, 2),
        "Wat hier wordt gemaakt, vliegt om de aarde. Leerlingen trekken een stofvrij pak aan, kijken door de"
        " microscoop en ontdekken waarom een vingerafdruk al te veel is.",
        _BEDRIJF,
    ),
    # Construction
    ExampleActivity(
        "A32",
        "B08",
        "bedrijfsbezoek",
        "Op de bouwplaats",
        "6 t/m 8",
        (10, 30),
        90,
        (1, 3),
        "Waar nu zand ligt, staan straks twaalf huizen. De uitvoerder neemt de groep mee langs fundering,"
        " steiger en dak. Leerlingen zetten met piketpaaltjes zelf de plattegrond van een kamer uit.",
        "Verzamelen bij de keet. Laarzen aan; helmen en hesjes krijgt u van ons.",
    ),
    ExampleActivity(
        "A33",
        "B09",
        "bedrijfsbezoek",
        "Huizen van hout",
        "5 t/m 8",
        (10, 30),
        105,
        (1, 3),
        "Een huis dat in een dag staat? Dat kan als alle wanden in de fabriek zijn gemaakt. Leerlingen bouwen"
        " in teams een schuurtje van genummerde delen, zonder te weten wat het wordt.",
        _BEDRIJF,
    ),
    ExampleActivity(
        "A34",
        "B10",
        "bedrijfsbezoek",
        "Wat ligt er onder de weg?",
        "5 t/m 8",
        (10, 30),
        90,
        (1, 3),
        "Onder het asfalt liggen zand, buizen, kabels en een verhaal. In een doorgesneden straat zoeken"
        " leerlingen op wat waarvoor dient. Wie durft, stuurt onder begeleiding de kleine wals.",
        "Verzamelen op de werf. Stevige schoenen; hesjes krijgt u van ons.",
    ),
    ExampleActivity(
        "A35",
        "B11",
        "bedrijfsbezoek",
        "Een kasteel oplappen",
        "7/8",
        (10, 26),
        105,
        (1, 2),
        "Hoe repareer je een muur van vierhonderd jaar oud zonder dat iemand het ziet? Leerlingen maken"
        " kalkmortel, hakken een letter in zandsteen en leren kijken als een restaurateur.",
        _BEDRIJF,
    ),
    ExampleActivity(
        "A36",
        "B12",
        "bedrijfsbezoek",
        "Beton in elke vorm",
        "6 t/m 8, klas 1/2",
        (10, 28),
        90,
        (1, 3),
        "Beton is eerst pap en dan steen. Leerlingen mengen hun eigen recept, gieten een tegel en drukken er"
        " een eigen ontwerp in. In de fabriek zien zij hetzelfde, maar dan voor een tunnel.",
        _BEDRIJF + " De tegels haalt u na een week op.",
    ),
    ExampleActivity(
        "A37",
        "B13",
        "workshop",
        "Kleur mengen als een vakman",
        "5 t/m 8",
        (8, 28),
        90,
        (1, 2),
        "Hoe maak je precies het groen van die ene deur? Leerlingen mengen kleur op het oog en daarna met de"
        " weegschaal, en schilderen een plank met een strakke lijn.",
        "Meld u bij de werkplaats. Schorten zijn er; oude kleren zijn beter.",
    ),
    # Energy
    ExampleActivity(
        "A38",
        "B14",
        "bedrijfsbezoek",
        "Tienduizend zonnepanelen",
        "6 t/m 8, klas 1/2",
        (10, 30),
        90,
        (1, 3),
        "Tussen de rijen panelen grazen schapen. Leerlingen meten hoeveel stroom één paneel geeft in zon en"
        " schaduw en rekenen uit hoeveel er nodig zijn voor hun school.",
        "Verzamelen bij het hek. Het is buiten: regenkleding en laarzen mee.",
    ),
    ExampleActivity(
        "A39",
        "B15",
        "bedrijfsbezoek",
        "Warmte uit koude lucht",
        "7/8, klas 1/2",
        (10, 28),
        90,
        (1, 2),
        "Een warmtepomp haalt warmte uit de lucht, ook als het vriest. Hoe dat kan, voelen leerlingen met een"
        " fietspomp, een koelkast en een ballon. Daarna zoeken zij het in de echte pomp weer op.",
        _BEDRIJF,
    ),
    ExampleActivity(
        "A40",
        "B16",
        "bedrijfsbezoek",
        "Gas van mest",
        "6 t/m 8",
        (10, 28),
        105,
        (1, 2),
        "Van de stal naar het fornuis: leerlingen volgen de weg van mest die gas wordt. Zij bouwen een"
        " mini-vergister in een fles, die zij op school verder volgen.",
        "Verzamelen bij de stal. Laarzen aan. De flessen gaan mee naar school.",
    ),
    ExampleActivity(
        "A41",
        "B17",
        "bedrijfsbezoek",
        "Huis zonder stopcontact",
        "7/8, klas 1 t/m 3",
        (8, 26),
        90,
        (1, 3),
        "In ons oefenhuis doet niets het nog. Leerlingen trekken draad, sluiten een lamp aan en leggen een"
        " waterleiding aan die niet mag lekken. Installateurs lopen mee en geven tips.",
        _BEDRIJF,
    ),
    # Agrofood
    ExampleActivity(
        "A42",
        "B18",
        "bedrijfsbezoek",
        "Van melk naar kaas",
        "5 t/m 8",
        (10, 30),
        105,
        (1, 3),
        "Tanks, kleppen, pompen en een neus die klopt: kaas maken is techniek. Leerlingen laten melk stremmen,"
        " meten de temperatuur en proeven het verschil tussen jong en oud.",
        "Meld u bij de winkel. Haarnetjes krijgt u van ons. Geef allergieën vooraf door.",
    ),
    ExampleActivity(
        "A43",
        "B19",
        "bedrijfsbezoek",
        "De slimme kas",
        "5 t/m 8",
        (10, 30),
        90,
        (1, 3),
        "Licht, water en lucht, alles wordt gemeten. Leerlingen bedienen het klimaat in een minikas, oogsten"
        " wat rijp is en bedenken wat een plukrobot moet kunnen zien.",
        "Verzamelen bij de laaddeur. In de kas is het warm: kleed u in laagjes.",
    ),
    ExampleActivity(
        "A44",
        "B20",
        "bedrijfsbezoek",
        "Tweeduizend broden voor zeven uur",
        "5/6",
        (10, 28),
        90,
        (1, 2),
        "Als u opstaat, is onze dag half om. Leerlingen zien hoe deeg wordt gemengd, gerezen en gesneden door"
        " machines, en vlechten er zelf een brood naast. Wie is er sneller?",
        "Meld u bij de zijdeur. Haarnetjes krijgt u van ons. Geef allergieën vooraf door.",
    ),
    ExampleActivity(
        "A45",
        "B21",
        "bedrijfsbezoek",
        "Wie melkt de koe?",
        "5 t/m 7",
        (10, 30),
        90,
        (1, 3),
        "Onze koeien gaan zelf naar de melkrobot wanneer zij willen. Leerlingen lezen af wat de halsband"
        " meet, voorspellen welke koe er komt en bouwen een voerhek na op schaal.",
        "Verzamelen op het erf. Laarzen aan.",
    ),
    ExampleActivity(
        "A46",
        "B22",
        "bedrijfsbezoek",
        "Koel, schoon en op tijd",
        "7/8",
        (10, 26),
        90,
        (1, 2),
        "Eten veilig maken is meten en opletten. Leerlingen kweken bacteriën van hun eigen handen, bedienen"
        " een weegmachine en ontdekken waarom een koelketen nooit mag breken.",
        "Meld u bij de receptie. Witte jassen en haarnetjes krijgt u van ons.",
    ),
    # Logistics
    ExampleActivity(
        "A47",
        "B23",
        "bedrijfsbezoek",
        "De reis van een pakketje",
        "5 t/m 8",
        (10, 32),
        90,
        (1, 3),
        "Honderdduizend pakketten per nacht, en geen een raakt zoek. Leerlingen volgen met een scanner hun"
        " eigen pakketje over de band en programmeren op papier een sorteerlijn.",
        _BEDRIJF,
    ),
    ExampleActivity(
        "A48",
        "B24",
        "bedrijfsbezoek",
        "In de cabine",
        "5 t/m 8",
        (8, 30),
        90,
        (1, 3),
        "Hoe komt een vrachtwagen van achttien meter door een bocht? Leerlingen zitten in de cabine, ontdekken"
        " de dode hoek en plannen een route met zo min mogelijk lege kilometers.",
        "Verzamelen bij de wasstraat. Blijf achter de gele lijn tot wij u halen.",
    ),
    ExampleActivity(
        "A49",
        "B25",
        "bedrijfsbezoek",
        "Het magazijn dat zichzelf bedient",
        "6 t/m 8, klas 1/2",
        (10, 28),
        90,
        (1, 2),
        "Kleine robots rijden onder de stellingen door en brengen de juiste kast. Leerlingen spelen zelf robot"
        " op een rooster, botsen, en bedenken regels waarmee het wel goed gaat.",
        _BEDRIJF,
    ),
    ExampleActivity(
        "A50",
        "B26",
        "workshop",
        "Repareren is het nieuwe kopen",
        "5 t/m 8",
        (6, 24),
        105,
        (1, 3),
        "Een broodrooster die het niet meer doet, is vaak met één draadje gered. Leerlingen schroeven kapotte"
        " apparaten open, zoeken de fout en redden wat te redden is. De rest wordt kunst.",
        "Meld u bij de werkplaats. Neem gerust een kapot apparaat mee.",
    ),
    # IT and high tech
    ExampleActivity(
        "A51",
        "B27",
        "bedrijfsbezoek",
        "Maak een app voor je school",
        "7/8, klas 1/2",
        (8, 26),
        105,
        (1, 3),
        "Ontwerpers en programmeurs helpen teams om een app op papier te bedenken, uit te proberen op een"
        " klasgenoot en te verbeteren. Aan het eind laat één idee zich echt aanklikken.",
        "Meld u bij de balie op de eerste verdieping. Laptops zijn aanwezig.",
    ),
    ExampleActivity(
        "A52",
        "B28",
        "workshop",
        "Ontwerp een spel",
        "6 t/m 8",
        (8, 26),
        105,
        (1, 2),
        "Waarom is een spel leuk? Leerlingen bedenken een regel, bouwen een level en laten het testen door een"
        " ander team. Zij leren luisteren naar wat een speler níét snapt.",
        "Meld u bij de voordeur. Laptops zijn aanwezig.",
    ),
    ExampleActivity(
        "A53",
        "B29",
        "bedrijfsbezoek",
        "De boer kijkt van boven",
        "7/8, klas 1 t/m 3",
        (8, 26),
        90,
        (1, 2),
        "Een drone ziet welke plant dorst heeft. Leerlingen plannen een vlucht, lezen de kleurenkaart en"
        " oefenen in een kooi met een kleine drone. Niemand hoeft zijn handen droog te houden.",
        "Verzamelen bij de loods. Bij harde wind is er een programma binnen.",
    ),
    ExampleActivity(
        "A54",
        "B30",
        "bedrijfsbezoek",
        "Waar woont het internet?",
        "8, klas 1 t/m 3",
        (8, 24),
        90,
        (1, 2),
        "Achter drie deuren staat een zaal vol lampjes. Leerlingen zoeken uit waar hun foto's zijn, hoe je een"
        " zaal computers koel houdt en wat er gebeurt als de stroom uitvalt.",
        "Geef vooraf het aantal bezoekers door. Jassen en tassen blijven in de kluis.",
    ),
    ExampleActivity(
        "A55",
        "B31",
        "bedrijfsbezoek",
        "Techniek die mensen beter maakt",
        "7/8, klas 1 t/m 3",
        (8, 26),
        105,
        (1, 3),
        "Een bed dat waarschuwt, een rolstoel die trappen kan: leerlingen proberen hulpmiddelen uit en"
        " verbeteren er een. Zij spreken mensen die ze maken en iemand die ze gebruikt.",
        _BEDRIJF,
    ),
)
