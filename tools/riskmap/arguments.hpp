// SPDX-License-Identifier: MIT
// How a command declares its options. CLI11 stands behind it, in one source alone: it takes longer
// to compile than all that the commands do.
#pragma once

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <string>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace riskmap::tool {

/// One option of a command; each member narrows it and gives it back.
class Option {
  public:
    explicit Option(CLI::Option* option) : m_option{option} {}
    Option* required(bool wanted = true);
    Option* capture_default_str(); ///< the help shows the value it has
    Option* take_all();            ///< may be repeated, each with one value
    Option* delimiter(char between);
    Option* expected(int values);
    Option* excludes(const Option* other);
    Option* needs(const std::string& name);
    Option* between(int least, int most);
    Option* between(std::int64_t least, std::int64_t most);
    Option* between(double least, double most);
    Option* not_negative();
    Option* one_of(std::initializer_list<const char*> words);
    Option* existing_file();
    [[nodiscard]] std::size_t count() const; ///< how often it was given

  private:
    CLI::Option* m_option;
};

/// What a command takes.
class Arguments {
  public:
    explicit Arguments(CLI::App& app) : m_app{app} {}
    Arguments(const Arguments&) = delete;
    Arguments& operator=(const Arguments&) = delete;

    /// `names`: "-o,--output", or a word without dashes for what stands in its place. Numbers,
    /// texts, paths, and lists and optionals of them; the list stands in arguments.cpp.
    template <class T>
    Option* add_option(const std::string& names, T& value, const std::string& help);
    Option* add_flag(const std::string& names, bool& value, const std::string& help);
    /// What the help ends with: examples.
    void footer(const std::string& text);
    /// How often an option was given.
    [[nodiscard]] std::size_t count(const std::string& name) const;

  private:
    CLI::App& m_app;
    std::deque<Option> m_options;
};

} // namespace riskmap::tool
