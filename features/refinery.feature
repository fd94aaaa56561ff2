@refinery
Feature: Refinery pipe network
  Crude oil goes from a ship into two tanks, and charge pumps drive it through two
  trains of heat exchangers to the preflash column. The station controller holds
  pressure and feed, starts the spare pump and finds leaks by mass balance. It
  reports temperature, pressure and flow of every pipe.

  Scenario: An ordinary shift
    Given a refinery pipe network "refinery-1" with:
      | reports every | 1 minute |
    When 4 hours pass
    Then the hub has received 240 telemetry messages from "refinery-1"
    And the pressure of pipe L-121 of "refinery-1" stayed between 13.8 bar and 14.2 bar during the last 2 hours
    And the flow of pipe L-152 of "refinery-1" stayed between 94 L/s and 96 L/s during the last 2 hours
    And the reported temperature of pipe L-152 of "refinery-1" stayed between 220 °C and 250 °C during the last 2 hours
    And no alert of "refinery-1" was raised

  Scenario: A leak is found where it is, although the pressure is held
    Given a refinery pipe network "refinery-1"
    When 1 hour passes
    And the leak of pipe L-121 of "refinery-1" is set to 10 %
    Then the alert "leak" of "refinery-1" is raised within 5 minutes
    When 10 minutes pass
    Then the pressure of pipe L-121 of "refinery-1" stayed between 13.5 bar and 14.5 bar during the last 10 minutes
    When the leak of pipe L-121 of "refinery-1" is set to 0
    Then the alert "leak" of "refinery-1" is cleared within 10 minutes

  Scenario: The charge pump trips and the spare takes over before the column starves
    Given a refinery pipe network "refinery-1"
    When 1 hour passes
    And the trip of pump P-1A of "refinery-1" is set to 1
    Then the alert "pumpTripped" of "refinery-1" is raised within 1 minute
    And the flow of pipe L-152 of "refinery-1" goes above 94 L/s within 5 minutes and stays there for 10 minutes
    When the trip of pump P-1A of "refinery-1" is set to 0
    And the service calls "selectPump" of "refinery-1" with:
      """
      {"pump": "p1a"}
      """
    Then the answer has "pump" set to "p1a"
    And the alert "pumpTripped" of "refinery-1" is cleared within 1 minute
    And the flow of pump P-1A of "refinery-1" goes above 100 L/s within 5 minutes

  Scenario: Cold crude arrives when the pipe's volume has been pumped through, and not before
    The line from the jetty holds 302 m³; at 107 L/s that is 47 minutes.
    Given a refinery pipe network "refinery-1"
    When 1 hour passes
    And the supply temperature of jetty of "refinery-1" is set to 10 °C
    Then the temperature of pipe L-102 of "refinery-1" stays above 38 °C for 46 minutes
    And the temperature of pipe L-102 of "refinery-1" goes below 12 °C within 2 minutes

  @negative-control
  Scenario: A pump that trips with its spare broken starves the column
    Given a refinery pipe network "refinery-1"
    When 1 hour passes
    And the trip of pump P-1A of "refinery-1" is set to 1
    And the trip of pump P-1B of "refinery-1" is set to 1
    Then the flow of pipe L-152 of "refinery-1" goes above 94 L/s within 5 minutes and stays there for 10 minutes
