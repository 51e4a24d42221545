// SPDX-License-Identifier: MIT
#include <riskmap/spec/source.hpp>

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>

namespace riskmap::spec {

namespace {

bool all_digits(std::string_view text) {
    return !text.empty() && text.size() < 6 &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
}

double number_of(std::string_view text, std::string_view word) {
    const auto number = parse_number(text);
    if (!number)
        throw Error{ErrorKind::usage, fmt::format("{}: '{}' is no number", word, text)};
    return *number;
}

struct Word {
    std::string_view key;
    void (*take)(Source& source, const std::string& value);
};
constexpr std::array<Word, 15> words{{
    {"layer", [](Source& s, const std::string& v) { s.layer = v; }},
    {"spec", [](Source& s, const std::string& v) { s.spec = v; }},
    {"crs", [](Source& s, const std::string& v) { s.crs = v; }},
    {"encoding", [](Source& s, const std::string& v) { s.encoding = v; }},
    {"fields", [](Source& s, const std::string& v) { s.fields = parse_pairs(v, "fields"); }},
    {"units", [](Source& s, const std::string& v) { s.units = parse_pairs(v, "units"); }},
    {"where", [](Source& s, const std::string& v) { s.where = v; }},
    {"band",
     [](Source& s, const std::string& v) {
         if (!all_digits(v) || v == "0")
             throw Error{ErrorKind::usage, fmt::format("band: '{}' is no number of a band", v),
                         "bands are counted from 1"};
         s.band = std::stoi(v);
     }},
    {"kind", [](Source& s, const std::string& v) { s.kind = raster::parse_kind(v); }},
    {"nodata", [](Source& s, const std::string& v) { s.nodata = number_of(v, "nodata"); }},
    {"where-nodata",
     [](Source& s, const std::string& v) { s.where_nodata = number_of(v, "where-nodata"); }},
    {"unit", [](Source& s, const std::string& v) { s.unit = v; }},
    {"factor", [](Source& s, const std::string& v) { s.factor = number_of(v, "factor"); }},
    {"classes", [](Source& s, const std::string& v) { parse_classes(v, s); }},
    {"codes",
     [](Source& s, const std::string& v) {
         if (v != "any" && v != "digits")
             throw Error{ErrorKind::usage, fmt::format("codes: '{}' is not known", v),
                         "codes=any: names or numbers of another kind; codes=digits"};
         s.not_codes = v == "any";
     }},
}};

/// What stands before the first '=', if it looks like a key.
std::string_view key_of(std::string_view word) {
    const auto key = word.substr(0, word.find('='));
    const bool plain = key.size() < word.size() && !key.empty() &&
                       std::all_of(key.begin(), key.end(), [](unsigned char c) {
                           return std::islower(c) != 0 || c == '-' || c == '_';
                       });
    return plain ? key : std::string_view{};
}

bool holds(std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

const Word* word_of(std::string_view key) {
    const auto name = key == "where_nodata" ? std::string_view{"where-nodata"} : key;
    const auto found = std::find_if(words.begin(), words.end(),
                                    [&](const Word& word) { return word.key == name; });
    return found == words.end() ? nullptr : &*found;
}

[[noreturn]] void refuse(const std::string& file, std::string_view key,
                         const Source::Extra& extra) {
    std::vector<std::string> known;
    for (const auto name : extra.keys)
        known.emplace_back(name);
    for (const auto& word : words)
        known.emplace_back(word.key);
    const auto near = nearest_name(key, known);
    std::string list;
    for (const auto& name : known)
        list += (list.empty() ? "" : ", ") + name + "=";
    for (const auto flag : extra.flags)
        list += ", " + std::string{flag};
    throw Error{ErrorKind::usage, fmt::format("layer '{}': unknown word '{}'", file, key),
                near ? fmt::format("did you mean '{}='?", *near) : "known: " + list};
}

/// A NetCDF file's variable and band: "depth:2" is both.
void split_band(Source& source) {
    const auto colon = source.layer.rfind(':');
    if (colon == std::string::npos || !all_digits(source.layer.substr(colon + 1)))
        return;
    source.band = std::stoi(source.layer.substr(colon + 1));
    source.layer.resize(colon);
}

} // namespace

Pairs parse_pairs(const std::string& text, std::string_view word) {
    Pairs pairs;
    for (const auto& pair : split(text, ',')) {
        // A head may hold '=': the name of the specification never does.
        const auto equals = pair.rfind('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == pair.size())
            throw Error{ErrorKind::usage, fmt::format("{}: '{}' is no pair", word, pair),
                        word == "units" ? "write units=OURS=UNIT, as units=range_m=km"
                                        : fmt::format("write {}=THEIRS=OURS,THEIRS=OURS", word)};
        pairs.emplace_back(std::string{trim(pair.substr(0, equals))},
                           std::string{trim(pair.substr(equals + 1))});
    }
    return pairs;
}

void parse_classes(const std::string& text, Source& source) {
    if (text.find('=') == std::string::npos) {
        for (const auto& part : split(text, ','))
            source.classes.push_back(number_of(part, "classes"));
        return;
    }
    for (const auto& [word, value] : parse_pairs(text, "classes"))
        source.class_values[word] = number_of(value, "classes");
}

Source Source::parse(const std::string& text) {
    Pairs none;
    return parse(text, {}, none);
}

Source Source::parse(const std::string& text, const Extra& extra, Pairs& rest) {
    std::string file;
    Pairs found;
    for (const auto& word : split(trim(text), ' ')) {
        const auto key = key_of(word);
        if (holds(extra.flags, word)) {
            found.emplace_back(word, "");
        } else if (!key.empty() && (word_of(key) != nullptr || holds(extra.keys, key))) {
            found.emplace_back(key, word.substr(key.size() + 1));
        } else if (found.empty() && (key.empty() || file.empty())) {
            file += (file.empty() ? "" : " ") + word;
        } else if (!found.empty() && (key.empty() || found.back().first == "where")) {
            found.back().second += " " + word; // an expression or a name with blanks in it
        } else {
            refuse(file, key, extra);
        }
    }
    Source source;
    std::string layer;
    std::tie(file, layer) = split_layer_name(trim(file));
    source.file = file;
    source.layer = layer;
    split_band(source);
    for (const auto& [key, value] : found) {
        if (const auto* word = word_of(key); word != nullptr && !holds(extra.keys, key))
            word->take(source, std::string{trim(value)});
        else
            rest.emplace_back(key, std::string{trim(value)});
    }
    return source;
}

std::string Source::label() const {
    auto out = shown.empty() ? file.filename().string() : shown;
    if (out.empty())
        out = file.string();
    if (!layer.empty())
        out += ":" + layer;
    return band > 0 ? fmt::format("{}:{}", out, band) : out;
}

FieldSource FieldSource::parse(const std::string& text) {
    Pairs none;
    // The words come off first: a filter may hold colons.
    std::string name;
    std::string words_after;
    for (const auto& word : split(trim(text), ' ')) {
        const auto key = key_of(word);
        auto& into =
            words_after.empty() && (key.empty() || word_of(key) == nullptr) ? name : words_after;
        into += (into.empty() ? "" : " ") + word;
    }
    const auto last = name.rfind(':');
    FieldSource out;
    if (last != std::string::npos)
        out.field = name.substr(last + 1);
    const auto file = last == std::string::npos ? name : name.substr(0, last);
    out.source = Source::parse(words_after.empty() ? file : file + " " + words_after);
    return out;
}

} // namespace riskmap::spec
