// SPDX-License-Identifier: MIT
#include "arguments.hpp"

#include <filesystem>
#include <optional>
#include <vector>

#include <CLI/CLI.hpp>

namespace riskmap::tool {

Option* Option::required(bool wanted) {
    m_option->required(wanted);
    return this;
}
Option* Option::capture_default_str() {
    m_option->capture_default_str();
    return this;
}
Option* Option::take_all() {
    m_option->take_all();
    return this;
}
Option* Option::delimiter(char between) {
    m_option->delimiter(between);
    return this;
}
Option* Option::expected(int values) {
    m_option->expected(values);
    return this;
}
Option* Option::excludes(const Option* other) {
    m_option->excludes(other->m_option);
    return this;
}
Option* Option::needs(const std::string& name) {
    m_option->needs(name);
    return this;
}
Option* Option::between(int least, int most) {
    m_option->check(CLI::Range(least, most));
    return this;
}
Option* Option::between(std::int64_t least, std::int64_t most) {
    m_option->check(CLI::Range(least, most));
    return this;
}
Option* Option::between(double least, double most) {
    m_option->check(CLI::Range(least, most));
    return this;
}
Option* Option::not_negative() {
    m_option->check(CLI::NonNegativeNumber);
    return this;
}
Option* Option::one_of(std::initializer_list<const char*> words) {
    m_option->check(CLI::IsMember(std::vector<std::string>(words.begin(), words.end())));
    return this;
}
Option* Option::existing_file() {
    m_option->check(CLI::ExistingFile);
    return this;
}

std::size_t Option::count() const {
    return m_option->count();
}

template <class T>
Option* Arguments::add_option(const std::string& names, T& value, const std::string& help) {
    return &m_options.emplace_back(m_app.add_option(names, value, help));
}

Option* Arguments::add_flag(const std::string& names, bool& value, const std::string& help) {
    return &m_options.emplace_back(m_app.add_flag(names, value, help));
}

void Arguments::footer(const std::string& text) {
    m_app.footer(text);
}

std::size_t Arguments::count(const std::string& name) const {
    return m_app.count(name);
}

// What options may hold.
template Option* Arguments::add_option(const std::string&, std::string&, const std::string&);
template Option* Arguments::add_option(const std::string&, std::filesystem::path&,
                                       const std::string&);
template Option* Arguments::add_option(const std::string&, double&, const std::string&);
template Option* Arguments::add_option(const std::string&, int&, const std::string&);
template Option* Arguments::add_option(const std::string&, std::int64_t&, const std::string&);
template Option* Arguments::add_option(const std::string&, std::size_t&, const std::string&);
template Option* Arguments::add_option(const std::string&, std::optional<double>&,
                                       const std::string&);
template Option* Arguments::add_option(const std::string&, std::optional<int>&, const std::string&);
template Option* Arguments::add_option(const std::string&, std::optional<std::size_t>&,
                                       const std::string&);
template Option* Arguments::add_option(const std::string&, std::vector<double>&,
                                       const std::string&);
template Option* Arguments::add_option(const std::string&, std::vector<std::string>&,
                                       const std::string&);
template Option* Arguments::add_option(const std::string&, std::vector<std::filesystem::path>&,
                                       const std::string&);

} // namespace riskmap::tool
