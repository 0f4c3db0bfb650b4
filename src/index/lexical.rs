//! Turns names and records into a tantivy index: BM25 over the words of single names, and the general search with facets.
//!
//! One document a name, and one a specialisation for the general search; they share a schema and no field. Words come in
//! the analyser's normal form, so tantivy tokenises nothing and no tokenizer has to be registered.

use tantivy::collector::{Count, FacetCollector, MultiCollector, TopDocs};
use tantivy::columnar::Column;
use tantivy::directory::{Directory, RamDirectory};
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{FAST, FacetOptions, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{DocAddress, Index, IndexReader, ReloadPolicy, TantivyDocument, Term, schema::Facet};

use super::IndexError;

/// Memory for writing: the least that tantivy takes, enough for every taxonomy seen.
const WRITER_BYTES: usize = 50_000_000;
/// A segment's name is random; this one stands for it so that the same taxonomy gives the same bytes.
const SEGMENT_NAME: &str = "00000000000000000000000000000001";
/// A hit in a title or alias counts this much more than one in skills and knowledge.
const NAME_BOOST: f32 = 3.0;

#[derive(Debug, Clone, Copy)]
struct Fields {
    name: Field,
    number: Field,
    record: Field,
    skills: Field,
    facet: Field,
}

/// The open tantivy index.
pub struct Lexical {
    reader: IndexReader,
    fields: Fields,
    /// Numbers of the documents; opening the column anew costs as much as a short search.
    numbers: Option<Column<u64>>,
}

impl std::fmt::Debug for Lexical {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Lexical")
    }
}

/// A specialisation as the general search sees it.
#[derive(Debug, Default)]
pub struct RecordDocument {
    /// Words of title and aliases.
    pub record: Vec<String>,
    /// Words of skills and knowledge.
    pub skills: Vec<String>,
    /// Facets as paths, as in `/family/DEI`.
    pub facets: Vec<String>,
}

/// Hits of the general search.
#[derive(Debug, Default)]
pub struct SearchHits {
    /// Specialisation numbers with scores, best first.
    pub hits: Vec<(u32, f32)>,
    /// All that match.
    pub total: usize,
    /// Facet path → count.
    pub facets: Vec<(String, u64)>,
}

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = TextOptions::default()
        .set_indexing_options(TextFieldIndexing::default().set_tokenizer("raw").set_index_option(IndexRecordOption::WithFreqs));
    let fields = Fields {
        name: builder.add_text_field("name", words.clone()),
        number: builder.add_u64_field("number", FAST | INDEXED),
        record: builder.add_text_field("record", words.clone()),
        skills: builder.add_text_field("skills", words),
        facet: builder.add_facet_field("facet", FacetOptions::default()),
    };
    (builder.build(), fields)
}

fn pre_tokenized(words: &[&str]) -> PreTokenizedString {
    let tokens = words
        .iter()
        .enumerate()
        .map(|(position, word)| Token { offset_from: 0, offset_to: 0, position, text: (*word).to_owned(), position_length: 1 })
        .collect();
    PreTokenizedString { text: String::new(), tokens }
}

/// Files of a finished tantivy index: name and content, in order of name.
pub type Files = Vec<(String, Vec<u8>)>;

/// Builds the tantivy index. `names` yields the words of each name, a name's number being its place.
pub fn build<'a>(names: impl Iterator<Item = Vec<&'a str>>, records: &[RecordDocument]) -> Result<Files, IndexError> {
    let (schema, fields) = schema();
    let directory = RamDirectory::create();
    let mut writer = Index::builder().schema(schema).single_segment_index_writer(directory.clone(), WRITER_BYTES)?;
    for (number, words) in names.enumerate() {
        let mut document = TantivyDocument::default();
        document.add_u64(fields.number, number as u64);
        document.add_pre_tokenized_text(fields.name, pre_tokenized(&words));
        writer.add_document(document)?;
    }
    for (number, record) in records.iter().enumerate() {
        let mut document = TantivyDocument::default();
        document.add_u64(fields.number, number as u64);
        let borrowed = |words: &'_ [String]| -> PreTokenizedString { pre_tokenized(&words.iter().map(String::as_str).collect::<Vec<_>>()) };
        document.add_pre_tokenized_text(fields.record, borrowed(&record.record));
        document.add_pre_tokenized_text(fields.skills, borrowed(&record.skills));
        for facet in &record.facets {
            document.add_facet(fields.facet, Facet::from(facet.as_str()));
        }
        writer.add_document(document)?;
    }
    let index = writer.finalize()?;
    let segment = index.searchable_segment_ids()?.first().map(tantivy::index::SegmentId::uuid_string).unwrap_or_default();
    let mut names: Vec<std::path::PathBuf> = index.directory().list_managed_files().into_iter().collect();
    names.push("meta.json".into());
    names.sort();
    names.dedup();
    let mut files = Files::new();
    for name in names {
        let Ok(bytes) = directory.atomic_read(&name) else { continue };
        let plain = name.to_string_lossy().replace(&segment, SEGMENT_NAME);
        let bytes = if plain.ends_with(".json") {
            with_segment_name(&String::from_utf8_lossy(&bytes), &segment).into_bytes()
        } else {
            bytes
        };
        files.push((plain, bytes));
    }
    Ok(files)
}

/// Replaces a segment's random name where it stands in plain and in hyphenated form.
fn with_segment_name(json: &str, segment: &str) -> String {
    let hyphenated = |name: &str| {
        [&name[..8], &name[8..12], &name[12..16], &name[16..20], &name[20..]].join("-")
    };
    if segment.len() != SEGMENT_NAME.len() {
        return json.to_owned();
    }
    json.replace(segment, SEGMENT_NAME).replace(&hyphenated(segment), &hyphenated(SEGMENT_NAME))
}

impl Lexical {
    /// Opens the files of a built index.
    ///
    /// # Errors
    /// When tantivy refuses them.
    pub fn open(files: Files) -> Result<Self, IndexError> {
        let (_, fields) = schema();
        let directory = RamDirectory::create();
        for (name, bytes) in files {
            directory.atomic_write(std::path::Path::new(&name), &bytes).map_err(|error| IndexError::Lexical(error.to_string()))?;
        }
        let index = Index::open(directory)?;
        let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        // An index of nothing has no segment.
        let numbers = reader.searcher().segment_readers().first().map(|segment| segment.fast_fields().u64("number")).transpose()?;
        Ok(Self { reader, fields, numbers })
    }

    fn term(field: Field, word: &str) -> Box<dyn Query> {
        Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs))
    }

    /// The best names by BM25 over any of the words: (name number, score), best first, ties by number.
    pub fn names(&self, words: &[&str], limit: usize) -> Vec<(u32, f32)> {
        let searcher = self.reader.searcher();
        let query = BooleanQuery::new(words.iter().map(|word| (Occur::Should, Self::term(self.fields.name, word))).collect());
        let found = searcher.search(&query, &TopDocs::with_limit(limit.max(1)).order_by_score()).unwrap_or_default();
        self.numbered(found)
    }

    fn numbered(&self, found: Vec<(f32, DocAddress)>) -> Vec<(u32, f32)> {
        let Some(numbers) = &self.numbers else { return Vec::new() };
        found.into_iter().filter_map(|(score, address)| Some((numbers.first(address.doc_id)? as u32, score))).collect()
    }

    /// The general search over titles, aliases, skills and knowledge. Every filter must hold; no words find everything.
    pub fn search(&self, words: &[String], filters: &[String], limit: usize, offset: usize) -> SearchHits {
        let searcher = self.reader.searcher();
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for word in words {
            let either = BooleanQuery::new(vec![
                (Occur::Should, Box::new(BoostQuery::new(Self::term(self.fields.record, word), NAME_BOOST)) as Box<dyn Query>),
                (Occur::Should, Self::term(self.fields.skills, word)),
            ]);
            clauses.push((Occur::Should, Box::new(either)));
        }
        let scored: Box<dyn Query> = if clauses.is_empty() { Box::new(tantivy::query::AllQuery) } else { Box::new(BooleanQuery::new(clauses)) };
        let mut required: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::Must, scored)];
        let any_facet = Facet::from("/record");
        for path in filters.iter().map(|path| Facet::from(path.as_str())).chain([any_facet]) {
            let term = Term::from_facet(self.fields.facet, &path);
            required.push((Occur::Must, Box::new(BoostQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), 0.0))));
        }
        let query = BooleanQuery::new(required);
        let mut collectors = MultiCollector::new();
        let top = collectors.add_collector(TopDocs::with_limit(limit.max(1)).and_offset(offset).order_by_score());
        let count = collectors.add_collector(Count);
        let mut facet_collector = FacetCollector::for_field("facet");
        for root in ["/superfunction", "/family", "/track", "/level", "/status"] {
            facet_collector.add_facet(root);
        }
        let facets = collectors.add_collector(facet_collector);
        let Ok(mut fruit) = searcher.search(&query, &collectors) else { return SearchHits::default() };
        let counts = facets.extract(&mut fruit);
        let mut listed = Vec::new();
        for root in ["/superfunction", "/family", "/track", "/level", "/status"] {
            listed.extend(counts.get(root).map(|(facet, count)| (facet.to_path_string(), count)));
        }
        SearchHits { hits: self.numbered(top.extract(&mut fruit)), total: count.extract(&mut fruit), facets: listed }
    }
}
