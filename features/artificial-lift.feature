@artificial-lift
Feature: Artificial lift
  A beam pumping unit lifts oil with a pump at the end of a kilometre of rods. A unit
  that is too fast for its well empties the annulus: the barrel no longer fills, and on
  every downstroke the plunger pounds on the liquid. The pump-off controller sees it
  in the dynamometer card and lets the well rest.

  Scenario: The controller keeps a fast pump off the pound
    Given a pumping unit "well-7" with:
      | pumping speed       | 8 spm |
      | initial fluid level | 60 m    |
    Then the alert "pumpOff" of "well-7" is raised within 3 hours
    And the drive of "well-7" becomes stopped within 1 minute
    And the fluid level of "well-7" goes above 25 m within 30 minutes
    And the drive of "well-7" becomes running within 30 minutes
    When 3 hours pass
    Then the pump fillage of "well-7" stayed above 65 %

  @negative-control
  Scenario: Without the controller's rest the plunger pounds
    Given a pumping unit "well-7" with:
      | pumping speed       | 8 spm |
      | initial fluid level | 60 m    |
      | pump-off fillage    | 0 %     |
    When 6 hours pass
    Then the pump fillage of "well-7" stayed above 65 %

  Scenario: A rule of the back end slows the unit down before it pumps off
    Given a pumping unit "well-7" with:
      | pumping speed       | 8 spm |
      | initial fluid level | 100 m   |
    And the service runs the rule "match the reservoir" on "well-7":
      | when | pump fillage below 90 %    |
      | for  | 5 minutes                  |
      | call | setSpeed                   |
      | with | {"strokesPerMinute": 4.5}  |
    Then the pumping speed of "well-7" goes below 4.6 spm within 3 hours
    And the fluid level of "well-7" goes above 120 m within 8 hours
    And the production of "well-7" stayed above 14 m³/d during the last 2 hours
    And no alert of "well-7" was raised

  Scenario: The card shows that the rods have parted
    Given a pumping unit "well-7" with:
      | pumping speed | 5 spm |
    When 10 minutes pass
    And the parted rod of "well-7" is set to 30 %
    Then the alert "rodParted" of "well-7" is raised within 3 minutes
    And the drive of "well-7" becomes stopped within 1 minute

  Scenario: A stuck pump does not break the rods
    Given a pumping unit "well-7" with:
      | pumping speed | 5 spm |
    When 10 minutes pass
    And the stuck pump of "well-7" is set to 100 %
    Then the alert "highLoad" of "well-7" is raised within 5 minutes
    When 10 minutes pass
    Then the polished rod load of "well-7" stayed below 75 kN

  Scenario: Somebody asks for a card
    Given a pumping unit "well-7" with:
      | pumping speed       | 8 spm |
      | initial fluid level | 300 m   |
    When 5 minutes pass
    And the service calls "getCard" of "well-7"
    And the service calls "setSpeed" of "well-7" with:
      """
      {"strokesPerMinute": 6}
      """
    Then the answer has "strokesPerMinute" set to 6
    And the pumping speed of "well-7" goes below 6.1 spm within 1 minute
