// SPDX-License-Identifier: MIT
// Private: a TOML file read through the schema table.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <toml++/toml.h>

#include <riskmap/core/error.hpp>
#include <riskmap/project/project.hpp>
#include <riskmap/spec/source.hpp>

namespace riskmap::project {

/// One section of the file; a key that is absent takes the schema's default.
class SectionReader {
  public:
    /// `outside`: files may lie outside the folder of the project file.
    SectionReader(const std::filesystem::path& file, std::string path, const toml::table* table,
                  bool outside)
        : m_file{file}, m_path{std::move(path)}, m_table{table}, m_outside{outside} {}

    /// Fills a member of the section's settings.
    void take(const char* key, std::string& into) const { into = text(key); }
    void take(const char* key, double& into) const { into = number(key); }
    void take(const char* key, int& into) const { into = whole(key); }
    void take(const char* key, std::int64_t& into) const { into = long_whole(key); }
    void take(const char* key, bool& into) const { into = flag(key); }
    void take(const char* key, std::optional<double>& into) const { into = maybe_number(key); }
    void take(const char* key, spec::Source& into) const { into = source(key); }
    void take(const char* key, std::vector<double>& into) const { into = numbers(key); }
    void take(const char* key, std::vector<std::string>& into) const { into = texts(key); }
    void take(const char* key, std::vector<std::vector<double>>& into) const { into = rows(key); }

    [[nodiscard]] bool present() const noexcept { return m_table != nullptr; }
    [[nodiscard]] bool has(const char* key) const {
        return node(key) != nullptr;
    } ///< it is written
    [[nodiscard]] std::string text(const char* key) const;
    [[nodiscard]] double number(const char* key) const;
    [[nodiscard]] std::optional<double> maybe_number(const char* key) const;
    /// \throws Error{input} if it is beyond 32 bits.
    [[nodiscard]] int whole(const char* key) const;
    [[nodiscard]] std::int64_t long_whole(const char* key) const;
    [[nodiscard]] bool flag(const char* key) const;
    /// Absolute, and existing; empty if the text is. \throws Error{input} if it leaves the
    /// project's folder, also by a link.
    [[nodiscard]] std::filesystem::path file(const char* key) const;
    /// A layer or raster with its companions; empty if the text is. \throws as `file`.
    [[nodiscard]] spec::Source source(const char* key) const;
    /// A source as written in a text: "FILE:LAYER key=value". \throws as `file`.
    [[nodiscard]] spec::Source source_of(const std::string& text, const char* key) const;
    /// How a list writes a pair: "theirs=ours" of fields, "ours=theirs" of units. The keys of a
    /// table are ours.
    enum class PairOrder { theirs_first, ours_first };
    [[nodiscard]] spec::Pairs pairs(const std::string& key, PairOrder order) const;
    /// Classes of a raster, or numbers that words stand for.
    void classes(const char* key, spec::Source& source) const;
    [[nodiscard]] std::vector<double> numbers(const char* key) const;
    [[nodiscard]] std::vector<std::string> texts(const char* key) const;
    [[nodiscard]] std::vector<std::vector<double>> rows(const char* key) const;

    /// The entries of [[path.name]] inside this section.
    [[nodiscard]] std::vector<SectionReader> repeated(const char* name) const;

    /// Does `work`; what it throws is told with the line of a key.
    template <class Work>
    void told_at(const char* key, Work work) const {
        try {
            work();
        } catch (const Error& failure) {
            throw error(failure.what(), failure.hint(), key);
        }
    }
    /// \throws Error{input} if a list of texts holds one that is not known.
    void refuse_others(const char* key, const std::vector<std::string>& known) const;
    /// An error at this section or at one of its keys.
    [[nodiscard]] Error error(const std::string& what, const std::string& hint = {},
                              const char* key = nullptr) const;

  private:
    template <class T>
    [[nodiscard]] std::optional<T> value(const char* key) const;
    [[nodiscard]] const toml::node* node(const char* key) const;
    /// Absolute, existing and inside the project's folder, unless that is allowed.
    [[nodiscard]] std::filesystem::path inside(const std::filesystem::path& name,
                                               const char* key) const;

    const std::filesystem::path& m_file;
    std::string m_path;
    const toml::table* m_table;
    bool m_outside;
};

/// A column that the project names goes before what the specification finds.
void name_column(spec::Source& source, const std::string& theirs, const char* ours);

/// A parsed file whose sections and keys are all known and of the right type.
class CheckedFile {
  public:
    /// `instead`: keys ("uncertainty.draws") and numbers that go before what the file says.
    explicit CheckedFile(const std::filesystem::path& file, const Instead& instead);
    [[nodiscard]] SectionReader section(const std::string& path) const;
    [[nodiscard]] std::vector<SectionReader> repeated(const std::string& path) const;
    /// All it says, with the defaults of what it leaves out, as JSON.
    [[nodiscard]] std::string written() const;

  private:
    std::filesystem::path m_file;
    toml::table m_table;
    bool m_outside = false;
};

} // namespace riskmap::project
