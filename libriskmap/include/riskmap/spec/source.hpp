// SPDX-License-Identifier: MIT
// Where a layer, table or raster is, and what its office has to say of it. The same words
// serve every command ("FILE[:LAYER][:BAND] key=value ...") and every section of a project file.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <riskmap/raster/align.hpp>

namespace riskmap::spec {

/// Pairs of names or of a name and a word, in the order in which they were given.
using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Source {
    std::filesystem::path file = {};
    std::string layer = {};    ///< of a vector file; empty: the first. Of a NetCDF file: variable
    std::string spec = {};     ///< id of its specification; empty: by its name, or its reader's
    std::string crs = {};      ///< obeyed whatever the file says
    std::string encoding = {}; ///< of its text, likewise
    /// The layer's name of a field, and the specification's; "#3" is the third column, and "-"
    /// that no column is that field.
    Pairs fields = {};
    Pairs units = {};       ///< the specification's field, and the unit of its values here
    std::string where = {}; ///< attribute filter of OGR: only these features
    int band = 0;           ///< of a raster; 0: not said
    std::optional<raster::Kind> kind = {};
    std::optional<double> nodata = {};               ///< of a raster, whatever the file says
    std::optional<double> where_nodata = {};         ///< nodata of a raster means this
    std::string unit = {};                           ///< of a raster's values: "ft", "m"
    double factor = 1;                               ///< by which a raster's values are multiplied
    std::vector<double> classes = {};                ///< of a class raster: those that count
    std::map<std::string, double> class_values = {}; ///< numbers that words of a field stand for
    /// Values of code lists that are right here although the specification has others.
    std::vector<std::string> choices = {};
    /// How messages call the file: its place in the folder that was given; empty: by its name.
    std::string shown = {};
    bool not_codes = false; ///< the units' codes are names or numbers of another kind

    /// Words that a command knows beside those of a source.
    struct Extra {
        std::span<const std::string_view> keys = {};  ///< "weight": written weight=2
        std::span<const std::string_view> flags = {}; ///< "invert"
    };
    /// "FILE[:LAYER][:BAND] spec=ID crs=EPSG:N encoding=GBK fields=THEIRS=OURS,..
    /// units=OURS=UNIT,.. where=EXPRESSION band=N kind=K nodata=V where-nodata=V unit=U
    /// factor=F classes=A,B or classes=WORD=V,..". A word without '=' belongs to the one before it.
    /// \throws Error{usage} on an unknown word.
    [[nodiscard]] static Source parse(const std::string& text);
    /// The same; words of `extra` go to `rest`, a flag with an empty value.
    [[nodiscard]] static Source parse(const std::string& text, const Extra& extra, Pairs& rest);

    [[nodiscard]] bool empty() const noexcept { return file.empty(); }
    [[nodiscard]] std::string label() const; ///< "census.gpkg:villages"
};

/// "THEIRS=OURS,THEIRS=OURS". `word` is named where it is not. \throws Error{usage}.
[[nodiscard]] Pairs parse_pairs(const std::string& text, std::string_view word);
/// "A,B" or "WORD=V,WORD=V" into the classes of a source. \throws Error{usage}.
void parse_classes(const std::string& text, Source& source);

/// FILE:LAYER:FIELD into a source and the field; further words as in `Source::parse`. A source
/// whose field is not said has an empty one.
struct FieldSource {
    Source source;
    std::string field;

    [[nodiscard]] static FieldSource parse(const std::string& text);
};

} // namespace riskmap::spec
