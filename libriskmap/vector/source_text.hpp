// SPDX-License-Identifier: MIT
// Private: in which encoding a file's text is, and whether rows of a table are cut short.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <riskmap/vector/stream.hpp>

namespace riskmap::vector {

/// The usual name of an encoding: "GB18030" for GBK, CP936 and the like, "UTF-8" for 65001;
/// empty for those that files declare without meaning it (ISO-8859-1).
[[nodiscard]] std::string usual_encoding(std::string name);

struct SourceText {
    /// UTF-8, or GB18030 where the bytes are not; empty where they are all ASCII.
    std::string encoding;
    CutRows cut; ///< of a CSV
    /// Of a CSV: rows of one column above its names (a title), and where they end in the file.
    std::uint64_t titles = 0;
    std::uint64_t titles_end = 0;
    /// Of a CSV: rows in which nothing stands, no separator either, counted from 1.
    std::vector<std::uint64_t> blank_rows = {};
    /// Of a CSV: the first row below the titles, as its bytes are: GDAL ends a name at a line
    /// break.
    std::vector<std::string> head = {};
};

/// Whether a file is a table of text: .csv, .tsv, .txt.
[[nodiscard]] bool is_text_table(const std::filesystem::path& path);

/// Reads the text part of a file once. Only formats whose text is as it was written (Shapefile's
/// table, CSV, GeoJSON) are looked at; of others nothing is found.
/// \throws Error{input}: UTF-16.
[[nodiscard]] SourceText source_text(const std::filesystem::path& path, const std::string& layer);

} // namespace riskmap::vector
