// SPDX-License-Identifier: MIT
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/core/error.hpp>
#include <riskmap/shelter/distance.hpp>
#include <riskmap/shelter/people.hpp>
#include <riskmap/shelter/plan.hpp>
#include <riskmap/siting/benchmark.hpp>
#include <riskmap/siting/models.hpp>

#include "command.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    std::string model;
    std::filesystem::path orlib;
    std::filesystem::path tsplib;
    std::string metric = "euclid";
    std::string demand;
    std::string candidates;
    std::string existing;
    std::optional<double> radius;
    std::optional<double> capacity;
    std::string capacity_field;
    std::string cost_field;
    std::optional<double> budget;
    double backup = 0;
    std::optional<std::size_t> sites;
    siting::Limits limits;
    std::filesystem::path output;
    bool overwrite = false;
};

/// A problem, and what to call its candidates.
struct Question {
    siting::Problem problem;
    std::vector<std::string> ids;
    vector::Layer candidates; ///< of layers: to write sites with all they have
};

Question benchmark(const Options& options) {
    Question question;
    question.problem =
        options.orlib.empty()
            ? siting::read_tsplib(options.tsplib, siting::parse_metric(options.metric))
            : siting::read_orlib(options.orlib);
    for (std::size_t j = 0; j < question.problem.links.candidates(); ++j)
        question.ids.push_back(fmt::format("{}", j + 1));
    if (options.radius)
        question.problem = siting::within_radius(std::move(question.problem), *options.radius);
    if (options.capacity)
        question.problem.capacities.assign(question.ids.size(), *options.capacity);
    else if (options.model != "cpmp")
        question.problem.capacities.clear();
    return question;
}

/// A column that a model reckons with: what is not known there would be a guess.
std::vector<double> known_numbers(spec::Table& table, const std::string& field, const char* unit) {
    spec::FieldSpec rules;
    rules.name = "amount";
    rules.kind = spec::FieldKind::number;
    rules.range = spec::Range{0, 1e15};
    rules.unit = unit;
    auto numbers = table.numbers_of(field, rules);
    for (std::size_t row = 0; row < numbers.size(); ++row)
        if (std::isnan(numbers[row]))
            throw input_error(fmt::format("{}: {} is not known", table.where(row), field),
                              "fill it, or leave the row out with where=");
    return numbers;
}

Question layers(const Options& options, const Context& context) {
    auto opened = shelter::read_people(shelter::PeopleSource::parse(options.demand), context.door,
                                       context.execution);
    const Crs crs = metric_crs(opened.crs, bounds(opened.people.places));
    shelter::carry(opened.people, opened.crs, crs);
    Question question;
    auto& problem = question.problem;
    problem.weights = opened.people.numbers;
    auto table = context.door.table(spec::Source::parse(options.candidates), "shelter_candidates",
                                    spec::Shapes::points);
    question.candidates = table.layer();
    auto sites = table.places(crs);
    for (std::size_t row = 0; row < sites.size(); ++row)
        question.ids.push_back(table.name(row));
    problem.roles.assign(sites.size(), siting::Role::free);
    if (options.capacity)
        problem.capacities.assign(sites.size(), *options.capacity);
    else if (!options.capacity_field.empty())
        problem.capacities = known_numbers(table, options.capacity_field, "persons");
    if (!options.cost_field.empty())
        problem.costs = known_numbers(table, options.cost_field, "10 000 yuan");
    if (!options.existing.empty()) {
        auto existing = context.door.table(spec::Source::parse(options.existing), "shelters",
                                           spec::Shapes::points);
        for (const auto& place : existing.places(crs))
            sites.push_back(place);
        problem.roles.resize(sites.size(), siting::Role::existing);
        if (options.capacity)
            problem.capacities.resize(sites.size(), *options.capacity);
        else if (!problem.capacities.empty())
            for (const double number : known_numbers(existing, options.capacity_field, "persons"))
                problem.capacities.push_back(number);
        if (!problem.costs.empty())
            problem.costs.resize(sites.size());
    }
    // Without a radius every pair is a link, held by site and by demand.
    constexpr double bytes_a_pair = 60;
    if (!options.radius && bytes_a_pair * static_cast<double>(sites.size()) *
                                   static_cast<double>(opened.people.size()) >
                               static_cast<double>(context.execution.memory_budget()))
        throw input_error(fmt::format("{} demands and {} sites are too many pairs to hold",
                                      opened.people.size(), sites.size()),
                          "give --radius, or more --memory");
    const double radius = options.radius.value_or(std::numeric_limits<double>::infinity());
    problem.links =
        shelter::links_of(shelter::straight(1, {radius, false}, 4)
                              ->reach(sites, opened.people.places, radius, context.execution));
    return question;
}

Question ask(const Options& options, const Context& context) {
    const int sources = (options.orlib.empty() ? 0 : 1) + (options.tsplib.empty() ? 0 : 1) +
                        (options.demand.empty() ? 0 : 1);
    if (sources != 1)
        throw Error{ErrorKind::usage, "say what the problem is",
                    "give one of --orlib FILE, --tsplib FILE, --demand ... --candidates ..."};
    if (!options.demand.empty() && options.candidates.empty())
        throw Error{ErrorKind::usage, "say where sites may be", "give --candidates FILE:LAYER"};
    if (!options.radius && (options.model == "mclp" || options.model == "lscp"))
        throw Error{ErrorKind::usage, fmt::format("the model {} needs --radius", options.model),
                    "say how far a site serves, in metres as --radius 1500"};
    if (options.radius && !(*options.radius >= 0))
        throw Error{ErrorKind::usage, fmt::format("a radius of {:g}", *options.radius),
                    "give a distance of at least 0"};
    auto question = options.demand.empty() ? benchmark(options) : layers(options, context);
    if (options.sites)
        question.problem.sites = options.sites;
    question.problem.budget = options.budget;
    question.problem.backup = options.backup;
    if (options.model == "lscp")
        question.problem.sites.reset();
    return question;
}

vector::Layer chosen_layer(const Question& question, const siting::Answer& answer) {
    auto layer = question.candidates;
    layer.name = "sites";
    layer.features.clear();
    for (const auto j : answer.sites)
        layer.features.push_back(question.candidates.features[j]);
    return layer;
}

std::string json_of(const Question& question, const siting::Answer& answer) {
    nlohmann::ordered_json json;
    json["status"] = answer.optimal ? "optimal" : "feasible";
    json["objective"] = answer.objective;
    json["bound"] = answer.bound;
    json["gap"] = answer.gap;
    if (answer.before > 0)
        json["before"] = answer.before;
    json["sites"] = nlohmann::ordered_json::array();
    for (const auto j : answer.sites) {
        if (question.candidates.features.empty())
            json["sites"].push_back(j + 1); // points of benchmark files have numbers
        else
            json["sites"].push_back(question.ids[j]);
    }
    json["seconds"] = answer.seconds;
    return json.dump(2) + "\n";
}

void solve(const Options& options, const Context& context) {
    const auto& model = row_named(siting::models(), options.model, "model");
    if (!options.output.empty()) {
        if (options.demand.empty())
            throw Error{ErrorKind::usage, "benchmark files have no map to write",
                        "leave out -o, or give layers"};
        check_output(options.output, options.overwrite);
    }
    const auto question = ask(options, context);
    const auto answer = model.solve(question.problem, options.limits, context.execution);
    if (const auto fault = siting::fault_of(model, question.problem, answer); !fault.empty())
        throw Error{ErrorKind::internal, "the answer does not hold: " + fault};
    if (!options.output.empty())
        vector::write_layer(options.output, chosen_layer(question, answer));
    context.report({}, json_of(question, answer));
    context.say(fmt::format("{}: {:.10g}, bound {:.10g}, gap {:.4f} %; {} sites, {:.2f} s",
                            answer.optimal ? "optimal" : "feasible", answer.objective, answer.bound,
                            100 * answer.gap, answer.sites.size(), answer.seconds));
    if (!context.json) {
        std::vector<std::string> ids;
        for (const auto j : answer.sites)
            ids.push_back(question.ids[j]);
        fmt::print("{}\n", fmt::join(ids, " "));
    }
}

std::string model_lines() {
    std::string lines;
    for (const auto& model : siting::models())
        lines += fmt::format("  {:10}{}\n", model.name, model.title);
    return lines;
}

} // namespace

std::function<void()> declare_siting(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    app.add_option("--model", options->model, names_of(siting::models()))->required();
    app.add_option("--orlib", options->orlib, "file of OR-Library: pmed or pmedcap");
    app.add_option("--tsplib", options->tsplib, "file of TSPLIB: points of type EUC_2D");
    app.add_option("--metric", options->metric, "of TSPLIB: euclid, or euc2d (rounded)")
        ->capture_default_str();
    app.add_option("--demand", options->demand, "FILE:LAYER:WEIGHT of demands, or FILE.tif");
    app.add_option("--candidates", options->candidates, "FILE:LAYER of possible sites");
    app.add_option("--existing", options->existing, "FILE:LAYER of sites that serve already");
    app.add_option("--radius", options->radius, "how far a site serves, m, straight");
    app.add_option("--p,--sites", options->sites, "number of new sites");
    app.add_option("--capacity", options->capacity, "weight that each site can serve");
    app.add_option("--capacity-field", options->capacity_field, "field of capacities");
    app.add_option("--cost-field", options->cost_field, "field of costs");
    app.add_option("--budget", options->budget, "mclp: what new sites may cost together");
    app.add_option("--backup", options->backup,
                   "mclp: share of a weight that counts only with a second site, 0 to 0.5");
    app.add_option("--time-limit", options->limits.seconds,
                   "seconds; then the best so far with its bound")
        ->between(0.0, 1e9);
    app.add_option("--seed", options->limits.seed, "of random draws")->capture_default_str();
    app.add_option("-o,--output", options->output, "chosen candidates as .gpkg, .geojson, .csv");
    app.add_flag("--overwrite", options->overwrite, "replace the output if it exists");
    app.footer(
        "\nModels:\n" + model_lines() +
        "\nEvery answer comes with a bound that no choice can beat; 'optimal' means that it\n"
        "is reached. Without --time-limit the answer is the same for any --threads.\n"
        "\nExamples:\n"
        "  riskmap siting --model mclp --demand data/shaoxing/census.gpkg:villages:population \\\n"
        "      --candidates data/shaoxing/census.gpkg:shelter_candidates \\\n"
        "      --existing data/shaoxing/census.gpkg:shelters_existing \\\n"
        "      --radius 1500 --p 150 -o /tmp/sites.gpkg\n"
        "  riskmap siting --model p-median --demand data/shaoxing/census.gpkg:villages:population "
        "\\\n"
        "      --candidates data/shaoxing/census.gpkg:shelter_candidates --p 20");
    return [options, &context] { solve(*options, context); };
}

} // namespace riskmap::tool
