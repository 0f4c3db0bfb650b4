//! Holds the limits: what tantivy does with the same names and titles when it is used in the plain way.

use rolecall::analysis::fold;
use rolecall::index::Index;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{LowerCaser, PreTokenizedString, SimpleTokenizer, TextAnalyzer, Token, TokenStream};
use tantivy::{Searcher, TantivyDocument, Term};

/// Hits asked for.
const TOP: usize = 50;
/// Letters of a gram.
const GRAM: usize = 3;

/// A tantivy index with one document a name: its words, its letter trigrams and the number of its role.
pub(crate) struct Limits {
    searcher: Searcher,
    words: Field,
    grams: Field,
    tokenizer: TextAnalyzer,
}

impl Limits {
    /// Indexes the names of an index.
    pub(crate) fn new(index: &Index) -> Self {
        let options = |record| TextOptions::default().set_indexing_options(TextFieldIndexing::default().set_tokenizer("raw").set_index_option(record));
        let mut schema = Schema::builder();
        let words = schema.add_text_field("words", options(IndexRecordOption::WithFreqs));
        let grams = schema.add_text_field("grams", options(IndexRecordOption::Basic));
        let code = schema.add_u64_field("code", FAST);
        let mut tokenizer = TextAnalyzer::builder(SimpleTokenizer::default()).filter(LowerCaser).build();
        let mut writer = tantivy::Index::builder()
            .schema(schema.build())
            .single_segment_index_writer(tantivy::directory::RamDirectory::create(), 100_000_000)
            .expect("tantivy writes to memory");
        for (number, text) in index.names.texts.iter().enumerate() {
            let mut document = TantivyDocument::default();
            document.add_pre_tokenized_text(words, tokens(words_of(&mut tokenizer, text)));
            document.add_pre_tokenized_text(grams, tokens(grams_of(text)));
            document.add_u64(code, u64::from(index.names.facts[number].specialisation.0));
            writer.add_document(document).expect("tantivy takes a document");
        }
        let built = writer.finalize().expect("tantivy finishes an index");
        let reader = built.reader().expect("tantivy opens what it wrote");
        Self { searcher: reader.searcher(), words, grams, tokenizer }
    }

    /// The roles of the best names by BM25 over any word of a title.
    pub(crate) fn by_words(&mut self, title: &str) -> Vec<u64> {
        let asked = words_of(&mut self.tokenizer, title);
        self.codes(asked.iter().map(|word| term(self.words, word, IndexRecordOption::WithFreqs)).collect())
    }

    /// The roles of the best names over any letter trigram of a title.
    pub(crate) fn by_grams(&self, title: &str) -> Vec<u64> {
        self.codes(grams_of(title).iter().map(|gram| term(self.grams, gram, IndexRecordOption::Basic)).collect())
    }

    fn codes(&self, clauses: Vec<(Occur, Box<dyn Query>)>) -> Vec<u64> {
        let query = BooleanQuery::new(clauses);
        let found = self.searcher.search(&query, &TopDocs::with_limit(TOP).order_by_score()).expect("tantivy answers");
        let codes = self.searcher.segment_reader(0).fast_fields().u64("code").expect("code is a fast field");
        found.iter().filter_map(|(_, address)| codes.first(address.doc_id)).collect()
    }
}

fn term(field: Field, text: &str, record: IndexRecordOption) -> (Occur, Box<dyn Query>) {
    (Occur::Should, Box::new(TermQuery::new(Term::from_field_text(field, text), record)))
}

fn words_of(tokenizer: &mut TextAnalyzer, text: &str) -> Vec<String> {
    let mut stream = tokenizer.token_stream(text);
    let mut words: Vec<String> = Vec::new();
    while let Some(token) = stream.next() {
        if !words.contains(&token.text) {
            words.push(token.text.clone());
        }
    }
    words
}

/// Distinct letter trigrams of words framed by blanks.
fn grams_of(text: &str) -> Vec<String> {
    let mut grams: Vec<String> = Vec::new();
    for word in fold(text).text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let framed: Vec<char> = std::iter::once(' ').chain(word.chars()).chain([' ']).collect();
        grams.extend(framed.windows(GRAM).map(|gram| gram.iter().collect::<String>()));
    }
    grams.sort_unstable();
    grams.dedup();
    grams
}

fn tokens(words: Vec<String>) -> PreTokenizedString {
    let token = |(position, text): (usize, String)| Token { offset_from: 0, offset_to: 0, position, text, position_length: 1 };
    PreTokenizedString { text: String::new(), tokens: words.into_iter().enumerate().map(token).collect() }
}
