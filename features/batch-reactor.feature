@batch-reactor
Feature: Batch reactor
  A stirred tank makes a polymer from a monomer that is fed slowly: what has not
  reacted yet is heat that is still to come. The controller follows the recipe and
  holds the temperature with the jacket; its back end watches and can stop it. Four
  other published reactions run in the same tank, one of which once got away.

  Scenario: A batch, from the call to the cooled product
    Given a batch reactor "reactor-1" with:
      | reports every | 1 minute |
    When the service calls "startBatch" of "reactor-1"
    Then the answer has "batchPhase" set to "heating"
    And the reactor temperature of "reactor-1" goes above 81 °C within 20 minutes
    And the reactor temperature of "reactor-1" stays above 80.2 °C for 2 hours
    And the reported fed mass of "reactor-1" goes above 31.74 kg within 1 minute
    And the conversion of "reactor-1" goes above 99.9 % within 1 minute
    And the heat released of "reactor-1" stayed below 21.42 MJ
    And the reactor temperature of "reactor-1" stayed below 84.5 °C
    And the reactor temperature of "reactor-1" goes below 45 °C within 3 hours
    And no alert of "reactor-1" was raised

  Scenario: A stuck agitator stops the feed before the monomer piles up
    Given a batch reactor "reactor-1"
    When the service calls "startBatch" of "reactor-1"
    And 30 minutes pass
    And the agitator failure of "reactor-1" is set to 100 %
    Then the alert "agitatorStopped" of "reactor-1" is raised within 1 minute
    When 10 minutes pass
    Then the feed flow of "reactor-1" stayed below 0.1 kg/h during the last 9 minutes
    And the reactor temperature of "reactor-1" stayed below 90 °C
    When the agitator failure of "reactor-1" is set to 0 %
    Then the alert "agitatorStopped" of "reactor-1" is cleared within 1 minute
    And the fed mass of "reactor-1" goes above 31.74 kg within 2 hours

  Scenario: A feed valve stuck open and a jacket that does not cool: the controller stops the reaction
    Given a batch reactor "reactor-1"
    When the service calls "startBatch" of "reactor-1"
    And 30 minutes pass
    And the feed runaway of "reactor-1" is set to 100 %
    And the cooling loss of "reactor-1" is set to 100 %
    Then the alert "temperatureHigh" of "reactor-1" is raised within 15 minutes
    And the alert "emergencyStop" of "reactor-1" is raised within 30 minutes
    And the reactor temperature of "reactor-1" stays below 95 °C for 20 minutes
    When the service calls "getStatus" of "reactor-1"
    Then the answer has "batchPhase" set to "emergency"

  Scenario: The service stops a batch and lets it start again
    Given a batch reactor "reactor-1"
    When the service calls "startBatch" of "reactor-1"
    And 20 minutes pass
    And the service calls "emergencyStop" of "reactor-1"
    Then the alert "emergencyStop" of "reactor-1" is raised within 10 seconds
    And the heat of reaction of "reactor-1" goes below 0.5 kW within 5 minutes
    When the service calls "reset" of "reactor-1"
    Then the answer has "batchPhase" set to "idle"

  @runaway
  Scenario: T2 Laboratories, 19 December 2007: the warning comes hours before the explosion
    The times follow from the model of Fogler's exercise: without cooling the batch
    passes 165 °C after 37 minutes, its solvent begins to decompose at 199 °C after
    72 minutes, and the vessel bursts after 3 hours and 38 minutes. A minute before it
    does the pressure has not risen much, and no valve of its own is large enough to
    save it then.
    Given a batch reactor "reactor-7" with:
      | reaction | T2 |
    When the cooling loss of "reactor-7" is set to 100 %
    Then the alert "temperatureHigh" of "reactor-7" is raised within 40 minutes
    And the alert "emergencyStop" of "reactor-7" is raised within 20 minutes
    When the clock reaches 09:37
    Then the pressure of "reactor-7" stayed below 5 bar
    And the vessel of "reactor-7" becomes ruptured within 2 minutes

  @runaway
  Scenario: T2 with cooling restored at the alarm
    Given a batch reactor "reactor-7" with:
      | reaction | T2 |
    When the cooling loss of "reactor-7" is set to 100 %
    Then the alert "temperatureHigh" of "reactor-7" is raised within 40 minutes
    When 10 minutes pass
    And the cooling loss of "reactor-7" is set to 0 %
    And 6 hours pass
    Then the reactor temperature of "reactor-7" stayed below 195 °C
    And the pressure of "reactor-7" stayed below 5 bar

  @runaway @negative-control
  Scenario: T2 without cooling does not stay at its pressure
    Given a batch reactor "reactor-7" with:
      | reaction | T2 |
    When the cooling loss of "reactor-7" is set to 100 %
    And 4 hours pass
    Then the pressure of "reactor-7" stayed below 10 bar
