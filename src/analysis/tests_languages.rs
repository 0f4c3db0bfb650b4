//! Tables of titles in the languages beside English and how they are read, with the built-in lexicons.

use super::*;
use crate::corpus::built_in_lexicon;

/// The analyser of a taxonomy in one language; built once a language.
fn analyzer(lang: &str) -> &'static Analyzer {
    static ALL: std::sync::OnceLock<FxHashMap<String, Analyzer>> = std::sync::OnceLock::new();
    let all = ALL.get_or_init(|| {
        let lexicon = built_in_lexicon();
        let of = |lang: &String| (lang.clone(), Analyzer::new(&lexicon, std::slice::from_ref(lang)));
        lexicon.languages.keys().map(of).collect()
    });
    &all[lang]
}

/// The words of a title that carry its meaning, sorted: what decides whether a name is known.
fn words(query: &Query) -> Vec<String> {
    let mut words: Vec<String> = query.core_words().iter().filter(|word| word.is_content()).map(|word| word.text.clone()).collect();
    words.sort();
    words.dedup();
    words
}

/// Every title of a row, as typed and as a name, must be read like the row's first one.
fn assert_alike(lang: &str, rows: &[&[&str]]) {
    for row in rows {
        let expected = words(&analyzer(lang).name(row[0], None));
        for title in *row {
            assert_eq!(words(&analyzer(lang).query(title, None)), expected, "{lang}: {title:?} and {:?}", row[0]);
            assert_eq!(words(&analyzer(lang).name(title, None)), expected, "{lang}: the name {title:?} and {:?}", row[0]);
        }
    }
}

/// Titles with noise must be read like their bare form.
fn assert_noise(lang: &str, rows: &[(&str, &str)]) {
    for (title, bare) in rows {
        let query = analyzer(lang).query(title, None);
        assert_eq!(words(&query), words(&analyzer(lang).name(bare, None)), "{lang}: {title:?} leaves {bare:?}; noise {:?}", query.noise);
    }
}

/// Titles with the level they state on the P, S and M tracks; an office where no level word stands.
fn assert_levels(lang: &str, rows: &[(&str, &str)]) {
    for (title, expected) in rows {
        let query = analyzer(lang).query(title, None);
        let reading = query.level.as_ref().or(query.office.as_ref()).map(|reading| &reading.ranges);
        let wanted = (!expected.is_empty()).then(|| crate::taxonomy::lexicon::GradeRanges::parse(expected).expect("a range"));
        let sorted = |ranges: &crate::taxonomy::lexicon::GradeRanges| {
            let mut all = ranges.0.clone();
            all.sort();
            all
        };
        assert_eq!(reading.map(sorted), wanted.as_ref().map(sorted), "{lang}: {title:?}");
    }
}

#[test]
fn german_forms() {
    assert_alike("de", &[
        &["Bäcker", "Bäckerin", "Bäcker/Bäckerin", "Bäcker/in", "Bäcker/-in", "Bäcker:in", "Bäcker*in", "Bäcker_in", "Bäcker(in)", "BäckerIn", "Bäckerinnen"],
        &["Kaufmann für Büromanagement", "Kauffrau für Büromanagement", "Kaufmann/Kauffrau für Büromanagement", "Kaufmann/-frau für Büromanagement"],
        &["Angestellter", "Angestellte", "Angestellte/r", "Angestellte(r)", "Angestellte*r"],
        &["Arzt", "Ärztin", "Ärzte", "Arzt/Ärztin", "Ärzt:in"],
        &["Produktionsleiter Textil", "Textilproduktionsleiter", "Textil-Produktionsleiterin", "Produktionsleiter (Textil)"],
        &["Krankenpfleger", "Krankenschwester", "Krankenpfleger/Krankenschwester"],
        &["Technischer Zeichner", "Technische Zeichnerin", "Technischer Zeichner/Technische Zeichnerin"],
        &["Biologe", "Biologin", "Biologe/Biologin", "Biologen"],
    ]);
}

#[test]
fn german_words_that_only_look_like_forms() {
    for (title, expected) in [("Medizin", "medizin"), ("Termin", "termin"), ("Verein", "verein"), ("Intern", "intern"), ("Fischer", "fischer"), ("Software", "software")] {
        assert_eq!(analyzer("de").query(title, None).normalized(), expected, "{title}");
    }
}

#[test]
fn german_noise() {
    assert_noise("de", &[
        ("Pflegefachkraft (m/w/d) in Vollzeit ab sofort", "Pflegefachkraft"),
        ("Bäcker gesucht - unbefristet - Berlin", "Bäcker"),
        ("Lagerist (gn) im Schichtdienst in München", "Lagerist"),
        ("Kellner auf 520-Euro-Basis", "Kellner"),
    ]);
}

#[test]
fn french_forms() {
    assert_alike("fr", &[
        &["Boulanger", "Boulangère", "Boulanger / Boulangère", "Boulanger/ère", "Boulangers"],
        &["Conducteur de grue à tour", "Conductrice de grue à tour", "Conducteur / Conductrice de grue à tour", "Conducteurs de grues à tour", "Conducteur/trice de grue à tour"],
        &["Technicien", "Technicienne", "Technicien(ne)", "Technicien·ne", "Technicien.ne", "Technicien/-ne", "Techniciens"],
        &["Chargé de communication", "Chargée de communication", "Chargé(e) de communication", "Chargé·e de communication", "Chargé / Chargée de communication", "Chargés de communication"],
        &["Agent d'entretien", "Agente d’entretien", "Agent / Agente d'entretien", "agents d'entretien"],
        &["Masseur", "Masseuse", "Masseur/euse"],
        &["Technicien électricien-électronicien", "Technicien électricien-électronicien / Technicienne électricienne-électronicienne"],
        &["Sage-femme", "Maïeuticien", "Maïeuticienne"],
        &["Directeur des ressources humaines", "DRH", "Directrice des ressources humaines"],
    ]);
}

#[test]
fn french_noise_and_levels() {
    assert_noise("fr", &[
        ("Comptable H/F - CDI - Lyon", "Comptable"),
        ("Serveur (H/F) temps partiel", "Serveur"),
        ("URGENT cuisinier CDD 6 mois", "Cuisinier"),
        ("Cariste F/H 3x8 - permis B - débutants acceptés", "Cariste"),
    ]);
    assert_levels("fr", &[
        ("Ingénieur confirmé", "P3-P4 S3-S4"),
        ("Développeur junior", "P1-P2 S1-S2 M1"),
        ("Chef d'équipe", "M1"),
        ("Resp. logistique", "M2"),
        ("Directrice générale", "M6 E1"),
        ("Expert-comptable", ""),
        ("Chef de partie", ""),
        ("Adjoint administratif", ""),
    ]);
}

#[test]
fn spanish_forms() {
    assert_alike("es", &[
        &["enfermero", "enfermera", "enfermero/a", "enfermera/o", "ENFERMEROS", "enfermeras", "enfermero(a)", "enfermeros/as", "enfermero/enfermera"],
        &["director técnico", "directora técnica", "director técnico/directora técnica", "DIRECTORES TÉCNICOS", "director/a técnico/a"],
        &["operador de máquinas", "OPERADORES DE MÁQUINA", "operadora de máquinas", "operador de máquinas/operadora de máquinas"],
        &["jefe de ventas", "jefa de ventas", "jefes de ventas", "jefe/a de ventas"],
        &["actor", "actriz", "actores", "actor/actriz"],
        &["técnico de recursos humanos", "técnica de RRHH", "Téc. RRHH"],
        &["profesores de inglés", "profesor de inglés", "profesora de inglés", "profesor/profesora de inglés"],
    ]);
}

#[test]
fn spanish_noise_and_levels() {
    assert_noise("es", &[
        ("Se busca camarero jornada completa", "camarero"),
        ("Administrativo/a (H/M) - Madrid - incorporación inmediata", "administrativo"),
        ("Operario de producción turno de noche", "operario de producción"),
        ("FISIÓLOGOS, EN GENERAL", "fisiólogo"),
        ("Mozo de almacén con carnet de carretillero", "mozo de almacén"),
    ]);
    assert_levels("es", &[
        ("Ingeniero senior", "P5 S4 M3 E2"),
        ("Becario de marketing", "P1 S1"),
        ("Jefa de equipo", "M1"),
        ("Directora general", "M6 E1"),
        ("Encargada de tienda", "M1-M2"),
        ("Director de fotografía", ""),
        ("Camarero", ""),
    ]);
}

#[test]
fn italian_forms_and_noise() {
    assert_alike("it", &[
        &["pastaio", "pastaia", "Pastai", "pastaio/pastaia", "pastaio/a"],
        &["direttore aziendale", "direttrice aziendale", "direttori aziendali", "direttore/trice aziendale", "direttore aziendale/direttrice aziendale"],
        &["medico", "medica", "medici", "mediche"],
        &["psicologo", "psicologhe", "Psicologi", "psicologa", "psicologo/a"],
        &["tecnico dell'ambiente", "tecnici dell’ambiente", "tecnica dell'ambiente"],
        &["professore", "professoressa", "professori", "professoresse"],
        &["operaio", "operaia", "operai", "operaie"],
    ]);
    assert_noise("it", &[
        ("Cercasi cameriere full time", "cameriere"),
        ("Magazziniere automunito - tempo determinato - Milano", "magazziniere"),
        ("Impiegato contabile (m/f) part-time", "impiegato contabile"),
    ]);
    assert_levels("it", &[("Apprendista meccanico", "P1 S1"), ("Responsabile vendite", "M2"), ("Direttrice generale", "M6 E1"), ("Barista", "")]);
}

#[test]
fn portuguese_forms_and_noise() {
    assert_alike("pt", &[
        &["enfermeiro", "enfermeira", "enfermeiros", "enfermeiro(a)", "enfermeiro/a", "enfermeiras"],
        &["operador de produção", "operadora de produção", "operadores de produções"],
        &["diretor comercial", "diretora comercial", "diretores comerciais", "diretor(a) comercial"],
        &["programador", "programadora", "programador/a", "programadores"],
    ]);
    assert_noise("pt", &[("Precisa-se cozinheiro full-time", "cozinheiro"), ("Motorista categoria D - CLT - São Paulo", "motorista")]);
    assert_levels("pt", &[("Analista pleno", "P3-P4 S3"), ("Estagiária de direito", "P1 S1"), ("Gerente geral", "M4")]);
}

#[test]
fn dutch_forms_and_noise() {
    assert_alike("nl", &[
        &["verkoper", "verkoopster", "verkopers", "verkoper/verkoopster"],
        &["directeur", "directrice", "directeuren"],
        &["leraar", "lerares", "leraren"],
        &["medewerker personeel", "personeelsmedewerker", "personeelsmedewerkster", "medewerkers personeel"],
        &["technoloog", "technologe", "technologen"],
        &["consulent", "consulente", "consulenten"],
        &["recreatiemedewerker", "medewerker recreatie"],
    ]);
    assert_noise("nl", &[("Kok fulltime gezocht (m/v)", "kok"), ("Verpleegkundige - 32 uur per week - Utrecht", "verpleegkundige")]);
    assert_levels("nl", &[("Senior adviseur", "P5 S4 M3 E2"), ("Stagiair marketing", "P1 S1"), ("Teamleider productie", "M1"), ("Chef-kok", "")]);
}

#[test]
fn swedish_forms_and_noise() {
    assert_alike("sv", &[
        &["sjukskötare", "sjuksköterska", "sjuksköterskor"],
        &["ingenjör", "ingenjörer"],
        &["driftingenjör, värmeverk", "driftingenjörer värmeverk"],
        &["lärare i matematik", "lärarinna i matematik", "matematiklärare"],
        &["produktionschef", "produktionschefer", "chef produktion"],
    ]);
    assert_noise("sv", &[("Kock heltid sökes", "kock"), ("Snickare - Stockholm - tillsvidare", "snickare")]);
    assert_levels("sv", &[("Biträdande chef", "P4 S4 M4"), ("Lärling, elektriker", "P1 S1"), ("Verkställande direktör", "E5 M6")]);
}

/// Lexicons hold folded text only: other keys are never met.
#[test]
fn lexicons_are_folded() {
    for (lang, tables) in &built_in_lexicon().languages {
        let lists = [&tables.stop, &tables.linking, &tables.vague, &tables.places, &tables.grade_blind, &tables.compound_heads];
        let keys = [&tables.abbreviations, &tables.irregular, &tables.agents, &tables.compounds].into_iter().flat_map(|table| table.keys());
        let ranges = tables.levels.keys().chain(tables.offices.keys());
        for phrase in lists.into_iter().flatten().chain(keys).chain(ranges).chain(tables.noise.values().flatten()) {
            assert_eq!(&fold(phrase).text, phrase, "{lang}");
        }
    }
}

#[test]
fn guesses_its_own_language() {
    for (lang, names) in [
        ("de", ["Leiter der Buchhaltung", "Bäcker und Konditor", "Fachkraft für Lagerlogistik"]),
        ("fr", ["chef de projet", "agent d'entretien", "directeur des ventes"]),
        ("es", ["jefe de ventas", "operador de máquinas", "técnico en electrónica"]),
        ("it", ["responsabile della produzione", "addetto alle vendite", "tecnico del suono"]),
        ("nl", ["medewerker van de afdeling", "hoofd van het magazijn", "adviseur voor de bouw"]),
        ("pl", ["kierownik do spraw sprzedaży", "operator maszyn i urządzeń", "specjalista ds. kadr"]),
        ("pt", ["gerente de vendas", "operador de produção", "técnico em eletrônica e informática"]),
        ("sv", ["chef för avdelning", "ingenjör och tekniker", "ansvarig för försäljning"]),
    ] {
        assert_eq!(guess_language(&built_in_lexicon(), names.into_iter()).as_deref(), Some(lang), "{names:?}");
    }
}
